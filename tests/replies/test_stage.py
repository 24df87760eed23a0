"""Nothing is over while it lasts, and nobody repairs what is over: by the phrase's stages and by the words."""

import pytest

from agent_assist.chats import Customer
from agent_assist.replies import Draft, Filled, check
from agent_assist.replies.stage import stage_warnings
from tests.incidents.facts import outage
from tests.replies.desk import EN, facts, phrase

OPEN, REPAIRED = ("investigating", "identified"), ("monitoring", "resolved")

RECOVERED = [
    "登录已经恢复正常，您可以使用了。",
    "正式告诉您：“登录故障”已经解除。",
    "服务恢复正常了，请您再试一次。",
    "故障已修复，谢谢等待。",
    "问题解决了，您再登录看看。",
    "系统已经好了",
    "您现在可以正常登录了。",
    "登录现在一切正常。",
    "刚刚修好了，请再试。",
    "已经恢复了，您再试一下好吗？",
    "工程师已经修好了登录",
    "修复已经上线，请再试。",
    "支付功能全部恢复",
    "故障已排除",
    "已完成修复",
    "Sign-in is back to normal.",
    "The problem has been resolved.",
    "Good news: everything is working again!",
    "We have fixed it.",
    "We've now restored the service, please try again.",
    "The outage is over.",
    "You can now sign in again.",
    "Payments are back online, could you try once more?",
    "It's fixed.",
    "The fix is live.",
    "Service has been fully restored, thank you.",
    "Your sign-in works again.",
    "All systems are operational.",
    "The incident is resolved",
    "The issue was fixed at 14:02.",
    "After 54 minutes, everything is back to normal.",
    "We are happy to tell you that it is fixed.",
    "登录已恢复，如果还有问题请告诉我。",
    "好消息，修好了！",
    "现在可以登录啦，已经没问题了",
    "It has now been sorted out.",
    "The service is up and running.",
    "目前服务已全面恢复，感谢理解。",
    "业务恢复了，您放心。",
    "都好了，您放心用。",
    "Everything's back to normal now.",
    "We’ve resolved the issue.",
    "系统恢复啦！",
    "已经处理好了这个问题",
    "故障处理完了",
    "能登了，您试试",
    "登录服务现已恢复",
    "Sign in again, it works now? Yes, it is working again.",
    "The outage has ended.",
    "Great news, we fixed the problem",
    "Our engineers have repaired it; please try once more.",
    "服务已经全线恢复，请放心使用",
    "您可以重新下单了，系统已正常",
    "App 现在打得开了",
    "刚跟技术确认过，登录问题已解决",
    "已经可以付款了，您再试试",
    "这边看到登录都通了，您刷新一下",
    "网站又能访问了",
    "好了好了，您试试看",
    "故障已于 14:05 结束",
    "一切恢复如常",
    "登录已无异常",
    "现在没事了，您放心",
    "问题已经搞定，您可以继续使用",
    "系统已全部回到正常状态",
    "短信验证码能收到了",
    "登录不再报错了",
    "我们已经把问题修掉了",
    "已修复，请更新后重试",
    "您好，恢复啦～",
    "支付通道已重新开放",
    "The login issue is now behind us, please try again.",
    "Sign-in works fine now.",
    "You should be able to log in now.",
    "You can log in now, please try.",
    "Everything is good now!",
    "It's working now.",
    "All good now, please refresh the page.",
    "The problem no longer occurs.",
    "We've got it fixed, please retry.",
    "Our team has solved the problem.",
    "Service is restored.",
    "The issue has been taken care of.",
    "Login is up again.",
    "It has recovered; please sign in.",
    "We were able to fix the problem this afternoon.",
    "The bug has been squashed and the site is live again.",
    "Payments went back to normal at 3 pm.",
    "Things are running smoothly again.",
    "Rest assured, this is solved.",
    "Sign-in has come back.",
    "故障已经彻底排除",
    "您现在刷新页面就能正常看到订单了",
    "登录功能已于十分钟前恢复",
    "后台显示服务都正常了",
    "技术同事确认已修复完成",
    "好消息：支付恢复了",
    "目前系统运行正常，您可以放心操作",
    "App 已经能打开了",
    "可以登录了",
    "您可以重新登录了，问题已修复",
    "这次故障到此结束了",
    "网络已经通了",
    "已经没有问题了，您继续用就行",
    "服务器重启完成，一切正常",
    "短信已经能正常接收",
    "We're back!",
    "The service is back.",
    "Everything has been restored to normal.",
    "You're good to go now.",
    "Login issues have been cleared up.",
    "Great news — sign-in is fully operational.",
    "The team fixed it a few minutes ago.",
    "Our systems have recovered.",
    "The payment problem is solved.",
    "The outage has been resolved as of 2 pm.",
    "Checkout is functioning normally again.",
    "Normal service has resumed.",
    "It is no longer down.",
    "The fix has been deployed and works.",
    "登录这边已经好起来了，请再试一次",
    "后台刚刚恢复，您可以下单了",
    "支付问题已经妥善解决",
    "已确认恢复正常，给您添麻烦了",
    "目前登录、支付都恢复了",
    "您好，服务已于刚才全部恢复正常",
    "系统这会儿正常了",
    "Sign-in is fixed, sorry for the trouble.",
    "The service has been up again since 2 pm.",
    "We've restored everything.",
    "Everything works now.",
    "You can order again.",
    "It's sorted, thanks for waiting.",
]
"""Untrue while the incident is open."""

NOT_RECOVERED = [
    "恢复后我会告诉您。",
    "尚未恢复，请您再等等。",
    "登录还没有修好。",
    "等恢复了我马上告诉您。",
    "一恢复我就通知您。",
    "如果已经恢复，请告诉我。",
    "您那边恢复了吗？",
    "是否已经恢复，我去确认一下。",
    "预计 14:30 前恢复。",
    "我不敢说已经恢复。",
    "待服务恢复正常后，您可以重新登录。",
    "等修好了，您就可以正常登录了。",
    "您的订单已经恢复，请核对。",
    "部分用户已经恢复。",
    "之前说已经恢复，是我们弄错了。",
    "我已经为您登记好了。",
    "您说已经恢复了，我再查一查。",
    "什么时候恢复正常，现在还不能确定。",
    "我会盯到完全恢复为止。",
    "修好之后再请您试一次。",
    "争取尽快恢复正常。",
    "还没恢复正常",
    "恢复正常的时间还不确定。",
    "Once it is back, I will tell you.",
    "I will write as soon as it is fixed.",
    "It is not fixed yet.",
    "The problem has not been resolved.",
    "Is it fixed?",
    "Has it been restored?",
    "When it is back to normal, you can sign in again.",
    "We expect to be back to normal by 14:30.",
    "If sign-in is working again for you, please tell me.",
    "I cannot say that it is fixed.",
    "It isn't back to normal.",
    "Until service is restored, please stay signed in.",
    "Some users are back online.",
    "Your order has been restored.",
    "We said it was fixed, and we were wrong.",
    "I don't want to tell you it is fixed before I know.",
    "We are sorry that the page is slow.",
    "I can see that your order is fixed in price.",
    "I want to make sure that everything is working again before I promise anything.",
    "Please tell me whether it is fixed on your side.",
    "功能恢复正常以前，请不要退出登录。",
    "万一已经修好了，我会第一时间告诉您。",
    "恢复了我马上告诉您。",
    "修好了就通知您。",
    "系统恢复了我第一个叫您。",
    "Hopefully it is fixed by tonight.",
    "Everything will be working again by 14:30.",
    "感谢您一直等到现在，我们会尽快修好。",
    "已经确认是我们的故障，工程师正在修复。",
    "请您在恢复正常后再支付。",
    "我已经记好了，恢复了再找您。",
    "如果您已经可以登录了，请告诉我。",
    "请不要担心，数据正常保存。",
    "No news yet: the team works on it, and I will tell you when it's back.",
    "Please wait until we have fixed it.",
    "We have not fixed it yet, but we know the cause.",
    "Nobody can say yet when it is back to normal.",
    "Your case is resolved only when you say so.",
    "If you can sign in again, please tell me.",
    "The page loads slowly.",
    "You asked whether payments are back online.",
    "It was our mistake; we are sorry.",
    "We are back at it and will write at 15:00.",
    "恢复没那么快，请您先别等在页面上",
    "我没法向您保证今晚就能恢复",
    "要是两点之前恢复了，我马上告诉您",
    "您是问恢复了没有，对吗？",
    "公告里写的“已恢复”有误，实际还没有",
    "抱歉，刚才那条恢复通知是误发的",
    "现在离恢复还有一段时间",
    "暂时还用不了，等能用了我通知您",
    "登录能不能用了，我帮您问一下",
    "等系统好了，我再给您回电话",
    "您的会员权益不会因为这次故障受影响，已经正常记录",
    "昨天那次故障已经恢复，这次是新的故障",
    "网页版已恢复，App 还在修",
    "我已经跟技术同事确认好了，他们在处理",
    "您反馈的信息我已经整理好了",
    "目前客服电话一切正常，您也可以打电话",
    "您的余额是正常的，没有少一分钱",
    "您的订单状态正常，不用重新下单",
    "故障解除前，请不要重复付款",
    "修好需要多久，工程师还在评估",
    "恢复进度我会每半小时告诉您一次",
    "我们会一直盯着，直到登录恢复正常",
    "别担心，您的数据没问题",
    "请问您那边现在能登录了吗",
    "有些地区可能已经恢复，您可以试一下",
    "您可以先用网页版正常下单",
    "今天之内能恢复吗？我也希望能",
    "我不能说已经修好了，因为确实没有",
    "短信已经发出，验证码服务还没有恢复",
    "这件事我已经处理好了：退款单号是 R-100",
    "Recovery will take a while.",
    "I wish I could tell you that it's fixed, but it isn't.",
    "Is everything back to normal on your side?",
    "The engineers are testing a fix; it isn't live yet.",
    "The website works again, but the app is still down.",
    "We will let you know the minute sign-in works again.",
    "Your account is fine and your data is safe.",
    "You can still pay by card as usual.",
    "No, it has not been fixed so far.",
    "Contrary to the notice, service has not been restored.",
    "Please don't assume it's resolved until you hear from us.",
    "Last week's outage was resolved; this is a new one.",
    "The refund has been fixed at 20 euros.",
    "If it had been fixed, I would say so.",
    "I can't promise it will be fixed today.",
    "You can use the website normally in the meantime.",
    "The earlier message saying it was resolved was sent by mistake.",
    "Phone support is working normally.",
    "We're not back to normal yet.",
    "Would you tell me whether you can sign in again?",
    "Everything you saved is safe and will be there when we're back.",
    "I have resolved your billing question; the outage itself goes on.",
    "Should it be resolved earlier, I'll write at once.",
    "我会在恢复的第一时间告诉您",
    "恢复之后我给您发消息",
    "目前还没有收到恢复的消息",
    "修复完成后会有公告",
    "请问现在能正常登录了吗？",
    "您试一下能不能登录了",
    "如果页面正常了，请告诉我一声",
    "昨天说好今天恢复，结果没做到，对不起",
    "我理解您希望马上恢复",
    "谁也不敢保证今晚就恢复正常",
    "部分地区先恢复了，您所在的地区还没有",
    "我已经把您的情况登记好了",
    "您的退款已经处理好了",
    "密码已经重置好了，您可以用新密码",
    "您反映的问题我已经处理，等技术回复",
    "订单没有丢，一切记录都在",
    "修好以前请您先用网页版",
    "这个补丁还没上线",
    "只有恢复正常之后，才能重新下单",
    "您的账号状态正常",
    "不瞒您说，现在还没恢复",
    "恢复没恢复我也不确定，我去问",
    "从恢复那一刻起算",
    "离线模式可以正常使用",
    "我们会一直修到恢复正常",
    "Your account is back in good standing.",
    "I'll be back in a minute.",
    "Nothing has been fixed so far.",
    "We are not out of the woods; sign-in is not restored.",
    "Service will not be restored before 3 pm.",
    "It could be fixed within the hour.",
    "It might be back by three.",
    "As soon as we're back to normal, you'll get a mail.",
    "You'll be able to sign in again after the repair.",
    "The update that fixed the search last week broke sign-in.",
    "Do let me know if it works again.",
    "Has your sign-in been restored?",
    "Your password has been reset, you can sign in with it once service is back.",
    "If everything is fine on your side, just tell me.",
    "Our phone line is up and running.",
    "Only the web version has been restored; the app is still down.",
    "I hope it is resolved soon.",
    "Nobody told me it was fixed.",
    "I just asked whether the issue is resolved.",
    "我现在还不能告诉您已经恢复",
    "没有谁能说什么时候恢复",
    "您之前买的会员已经恢复使用",
    "网站上说已经恢复了，其实没有",
    "等确认恢复了再跟您说",
    "会不会今晚恢复，我问到了告诉您",
    "您要是能正常登录了，麻烦回我一句",
    "现在还远没有恢复正常",
    "我们的客服热线已经恢复",
    "截图已经收好了，谢谢",
    "It is far from fixed.",
    "You'll hear from me when everything works again.",
    "We can't call it resolved yet.",
    "Are you able to sign in again?",
    "I've fixed the typo in your address.",
    "It may look fixed, but it is not.",
    "I'm sorry I told you it was resolved.",
    "Is there any chance it's been restored for you?",
]
"""Denied, asked, planned, under a condition, said by somebody else, or of one customer's own matter."""

REPAIRING = [
    "工程师正在全力修复。",
    "我们正在抢修，请稍等。",
    "技术团队还在排查。",
    "预计 14:30 前恢复。",
    "14:30前恢复",
    "争取今晚修好",
    "预计14:30至15:00之间恢复",
    "修复还在进行。",
    "恢复时间还不能确定",
    "工程师正在处理，请耐心等待。",
    "我们在修了",
    "故障正在处理中",
    "马上就能恢复",
    "抢修中，请稍候",
    "Engineers are repairing it.",
    "Our team is still working on a fix.",
    "We are fixing it right now.",
    "We're looking into it.",
    "We expect to be back to normal by 14:30.",
    "It should be fixed within an hour.",
    "Service will be restored shortly.",
    "The repair is under way.",
    "It is being fixed.",
    "Our engineers are working hard to restore service.",
    "We hope to have it resolved by 3 pm.",
    "The issue is under investigation.",
    "Developers are rolling back the update",
    "技术同事正在加紧修，一有进展就告诉您",
    "很快就会恢复",
    "工程师还在修，请稍等",
    "We will have everything fixed by 15:00.",
    "技术那边还在加班抢修",
    "大概半小时能恢复",
    "工程师已经在处理了",
    "技术同事在紧急处理中",
    "还得等一会儿才能恢复",
    "目前仍在修复当中",
    "服务恢复还需要一点时间",
    "请耐心等待恢复",
    "我们争取三点前搞定",
    "正在想办法尽快恢复",
    "预计下午三点恢复",
    "Our technicians are on it.",
    "We're on it.",
    "Hang tight, a fix is coming.",
    "A fix is on its way.",
    "It'll be back in about an hour.",
    "We're doing our best to get it back up.",
    "ETA for the fix is 3 pm.",
    "We are aware of the problem and are working to resolve it.",
    "Expected recovery: 15:00.",
    "Please bear with us while we fix this.",
    "技术还在抢修，麻烦您再等等",
    "正在全力恢复服务",
    "维修还没有结束",
    "我们马上就修好",
    "修好还得等半个钟头",
    "The fix will be ready by 5 pm.",
    "Work to restore service continues.",
    "We're still in the middle of the repair.",
    "They are busy fixing it.",
    "Repairs are ongoing.",
    "It'll take another hour to fix.",
    "We hope to be back soon.",
    "我们仍在全力处理这次故障",
    "抢修预计五点结束",
    "还在修，别急",
    "争取六点前让您用上",
    "We're still hard at work on it.",
    "Service should be back by six.",
    "We'll get it working again as soon as we can.",
]
"""Untrue once it is repaired."""

STILL_DOWN = [
    "工程师还在修，请稍等",
    "我们会尽快修好",
    "技术人员正在查找故障原因并抢修",
    "The team is on it.",
    "We'll have it fixed by noon.",
    "We are still investigating.",
    "Please wait, we're repairing the sign-in service.",
    "仍未恢复，请耐心等待",
    "Sign-in is still down.",
    "登录暂时还不能用",
    "现在还没好",
    "系统还没有恢复",
    "服务还没恢复，请您再等一等",
    "目前依然无法登录",
    "暂时还没有修好",
    "Sign-in doesn't work yet.",
    "It is still not working.",
    "The service is not back yet.",
    "The outage is still ongoing.",
    "We're still experiencing problems.",
    "Sign-in is currently unavailable.",
    "Our engineers haven't fixed it yet.",
    "工程师还没修好",
    "系统还在恢复，请稍后再试",
]
"""Untrue once it is over."""

NOT_REPAIRING = [
    "工程师已经修复了故障。",
    "故障期间工程师一直在全力修复，14:10 恢复。",
    "原先预计 14:30 恢复，实际 14:10 已恢复。",
    "我们正在复盘这次故障。",
    "为防止再次发生，我们正在排查同类隐患。",
    "您的数据正在恢复，预计明天完成。",
    "您的退款正在处理。",
    "我们正在核对您的订单。",
    "工程师正在调查根本原因",
    "您需要我们继续修复什么吗？",
    "Engineers repaired it at 14:10.",
    "Yesterday our engineers were working on the fix.",
    "We are working to prevent this from happening again.",
    "We are reviewing the incident.",
    "Your order will be restored by tomorrow.",
    "We had expected to be back by 14:30 and were earlier.",
    "We are looking into your case.",
    "I will be back with an answer by 15:00.",
    "We are investigating what caused it.",
    "Is there anything we should fix?",
    "如果还没恢复，请告诉我。",
    "If it is still failing for you, tell me.",
    "登录已经恢复，感谢您的耐心。",
    "如果您那边仍未恢复，请告诉我。",
    "我们会继续观察。",
    "复盘报告预计周五前完成。",
    "预计 3 天内到账。",
    "我会在明天 10 点前回复您。",
    "我们正在落实改进措施。",
    "Our review will be ready by Friday.",
    "We will keep watching it.",
    "I will call you by 15:00.",
    "Your refund should arrive within three days.",
    "We are strengthening our monitoring.",
    "We will be happy to help you further.",
    "Engineers have fixed it.",
    "We should have told you earlier.",
    "我会继续跟进您的问题",
    "当时我们的工程师正在抢修，所以没能马上回复您",
    "您的赔偿正在处理，三个工作日内到账",
    "我们正在排查为什么会发生这种事",
    "我还在帮您查这笔退款",
    "您的优惠券预计明天到账",
    "如果还是登不上，我们马上处理",
    "有没有还没恢复的地方？",
    "以后再出现这种情况，我们会尽快恢复并第一时间通知您",
    "工程师正在加固系统，避免再次发生",
    "您的包裹预计明天送达",
    "您之前反馈的问题已经修好，不用再等",
    "我正在为您补发验证码",
    "您说还没恢复，我马上帮您看看",
    "您如果还没好，清一下缓存再试",
    "您的数据还没有恢复，我们单独为您处理",
    "公告预计今晚发布",
    "根因分析预计周五完成",
    "我们正努力让这种事不再发生",
    "感谢您在我们抢修期间的耐心",
    "我们的工程师一直抢修到凌晨三点",
    "For some hours our engineers were working on a fix; it went live at 14:10.",
    "We're working on your refund.",
    "I am still looking into the double charge for you.",
    "If it still doesn't work, clear your cache.",
    "Thank you for your patience while we fixed this.",
    "We are fixing the process that let this happen.",
    "Our team is preparing a report.",
    "You say it's still down for you; I'll check at once.",
    "Your parcel should be back with you by Friday.",
    "We will be back to you with the report by Friday.",
    "Is it still not working for you?",
    "We'll have your refund sorted by Monday.",
    "I'll be sending the coupon shortly.",
    "We're monitoring closely in case it comes back.",
    "If it breaks again we will fix it at once.",
    "The coupon is due on 31 December.",
    "我正在为您查订单",
    "故障期间您多扣的钱正在退",
    "昨晚工程师修了一夜",
    "修复花了两个小时",
    "您等了这么久，让您受累了",
    "如果再出现，我们立刻处理",
    "感谢您耐心等到恢复",
    "我再跟您确认一下，还有哪里不能用？",
    "有个别客户还没恢复的话，我们单独处理",
    "您那边还不行吗？",
    "为避免再次发生，团队正在整改",
    "等您方便了，我再联系您",
    "预计三天内给您书面说明",
    "请您等待退款到账",
    "您还需要我做什么吗",
    "目前您还有什么用不了的？",
    "还有什么没处理好的，请告诉我",
    "工程师会继续盯着，不会撒手",
    "We fixed it at 2 pm.",
    "It took us two hours to fix.",
    "The repair took longer than we had hoped.",
    "We are sorry it was down for so long.",
    "I'm still here if you need me.",
    "Our engineers stayed until it was fixed.",
    "We expect to send you the report by Friday.",
    "If you still cannot sign in, tell me.",
    "We are working on better alerts.",
    "Your coupon will be in your account by noon.",
    "Could you check whether anything is still missing?",
    "The team will explain what we're changing.",
    "Some customers told us it's still slow for them; I'd like to check yours.",
    "While it was down, our engineers were repairing the database.",
    "我会尽快给您答复",
    "您的退款六点前到账",
    "抱歉当时没能及时修好",
    "技术部门正在写故障报告",
    "We'll get back to you as soon as we can.",
    "The repair was finished at 2 pm.",
    "Thanks for bearing with us while it was down.",
    "We plan to add more servers next month.",
]
"""Of an earlier time, of what comes after the repair, or of one customer's own matter."""

WATCHED = [
    "修复已经上线，正在观察。",
    "服务正在恢复，您可以试试。",
    "我们还会观察一段时间。",
    "The fix is live and service is coming back.",
    "We are watching it closely.",
    "还没有完全恢复，请您稍等再试。",
]

CAUSE_FOUND = [
    "原因已经查清了，是数据库的问题",
    "问题定位到了",
    "工程师找到原因了",
    "技术已经定位故障",
    "我们查出问题了",
    "We found the cause.",
    "The cause has been identified.",
    "Engineers have located the fault.",
    "We know what caused it.",
    "We've identified the problem and are fixing it.",
]
"""Untrue while it is being investigated and no cause is recorded."""

CAUSE_NOT_FOUND = [
    "原因还没有查明",
    "工程师在找原因",
    "一旦查明原因，我马上告诉您",
    "原因查明后给您答复",
    "还不能确定原因",
    "我们还没找到问题",
    "正在定位问题",
    "问题出在哪里，还在查",
    "您找到原来的订单号了吗",
    "尽快查明原因",
    "找到原因之前，我不乱猜",
    "You may have found the page slow.",
    "We have not found the cause yet.",
    "The cause is not known yet.",
    "As soon as we find the cause, I will tell you.",
    "We are trying to find the problem.",
    "Once the cause has been identified, we will tell you.",
    "Has the cause been found?",
    "We do not know the cause yet.",
    "I have found your order.",
]


CAUSE_SOUGHT = [
    "原因还没有查明",
    "目前原因不明，请您稍等",
    "还不能确定原因",
    "我们还没找到原因",
    "原因还在查，查实了再告诉您",
    "工程师刚开始排查，原因还没有结论",
    "我们还不知道为什么会这样",
    "There is no finding on the cause yet.",
    "We have not found the cause yet.",
    "The cause is not known yet.",
    "We do not know the cause yet.",
    "Engineers have just started to look into it.",
    "We don't know why this happened.",
]

CAUSE_NOT_SOUGHT = [
    "原因已经查明，是数据库升级后的兼容问题",
    "您想知道原因，我现在告诉您",
    "一开始原因不明，后来查清了",
    "根本原因还没有查明，先按这个原因处理",
    "工程师正在调查根本原因",
    "We are still looking for the root cause.",
    "您是问还没查明原因吗？",
    "您的退款为什么没到，我帮您查",
    "There is no charge for this.",
    "At first we did not know the cause; now we do.",
    "Do you not know the cause?",
    "We know the cause and are fixing it.",
]


def said(text: str, status: str) -> str:
    """What is said against this text about the stage."""
    return " ".join(warning.message for warning in stage_warnings(text, outage(status=status)))


@pytest.mark.parametrize("text", RECOVERED)
def test_it_is_over_cannot_be_said_while_it_lasts(text: str) -> None:
    for status in OPEN:
        assert said(text, status), status
    assert not said(text, "resolved")


@pytest.mark.parametrize("text", NOT_RECOVERED)
def test_what_does_not_claim_that_it_is_over_may_be_said_while_it_lasts(text: str) -> None:
    assert [said(text, status) for status in OPEN] == ["", ""]


@pytest.mark.parametrize("text", REPAIRING)
def test_we_are_repairing_cannot_be_said_once_it_is_repaired(text: str) -> None:
    for status in REPAIRED:
        assert said(text, status), status
    assert not said(text, "identified")


@pytest.mark.parametrize("text", STILL_DOWN)
def test_it_is_still_down_cannot_be_said_once_it_is_over(text: str) -> None:
    assert said(text, "resolved")
    assert not said(text, "identified")


@pytest.mark.parametrize("text", NOT_REPAIRING)
def test_what_does_not_speak_of_the_repair_may_be_said_when_it_is_over(text: str) -> None:
    assert not said(text, "resolved")


@pytest.mark.parametrize("text", CAUSE_FOUND)
def test_a_cause_cannot_be_said_to_be_found_while_none_is_known(text: str) -> None:
    unknown = outage(status="investigating", cause="", translations={})
    assert [warning.code for warning in stage_warnings(text, unknown)] == ["stage"]
    assert not said(text, "investigating"), "a cause is recorded"
    assert stage_warnings(text, outage(status="identified", cause="", translations={})) == []


@pytest.mark.parametrize("text", CAUSE_NOT_FOUND)
def test_that_the_cause_is_looked_for_may_be_said_while_none_is_known(text: str) -> None:
    assert stage_warnings(text, outage(status="investigating", cause="", translations={})) == []


@pytest.mark.parametrize("text", CAUSE_SOUGHT)
def test_a_cause_that_is_recorded_cannot_be_said_to_be_unknown(text: str) -> None:
    assert "its cause is recorded" in said(text, "identified")
    assert said(text, "investigating") == "", "it may still be a guess"
    assert stage_warnings(text, outage(status="identified", cause="", translations={})) == []


@pytest.mark.parametrize("text", CAUSE_NOT_SOUGHT)
def test_what_does_not_say_that_the_cause_is_unknown_may_be_said(text: str) -> None:
    assert said(text, "identified") == ""


def test_a_gap_in_the_text_ends_no_sentence() -> None:
    assert not said("恢复后我会通过[联系方式?]通知您，并顺便确认您那边确实能用了。", "identified")
    assert not said("Once it is back I will use [your address?] to tell you it is fixed.", "identified")


@pytest.mark.parametrize("text", WATCHED)
def test_a_repair_that_is_watched_may_be_called_so(text: str) -> None:
    assert not said(text, "monitoring")


def test_what_the_facts_say_and_what_is_quoted_are_no_claims_of_the_reply() -> None:
    partly = outage(status="identified", scope="网页登录已恢复，App 仍无法登录", translations=EN)
    assert stage_warnings("目前网页登录已恢复，App 仍无法登录。", partly) == []
    assert stage_warnings("目前登录已恢复。", partly)
    assert stage_warnings("您提到的“已经恢复”我去核实。", partly) == []
    assert stage_warnings('I saw your note "it is fixed" and will check.', partly) == []


@pytest.mark.parametrize(
    ("stages", "fitting", "blocked"),
    [
        (("resolved",), ("resolved",), ("investigating", "identified", "monitoring")),
        (("monitoring",), ("monitoring",), ("investigating", "identified", "resolved")),
        (("investigating",), ("investigating", "identified"), ("monitoring", "resolved")),
        (("identified",), ("investigating", "identified"), ("monitoring", "resolved")),
        (("investigating", "identified", "monitoring"), ("identified", "monitoring"), ("resolved",)),
        (("monitoring", "resolved"), ("monitoring", "resolved"), ("investigating", "identified")),
        ((), ("investigating", "identified", "monitoring", "resolved"), ()),
    ],
)
def test_a_phrase_is_for_its_stages(
    stages: tuple[str, ...], fitting: tuple[str, ...], blocked: tuple[str, ...]
) -> None:
    one = phrase("您好。", stages=stages)
    assert [status for status in fitting if stage_warnings("您好。", outage(status=status), one)] == []
    assert [status for status in blocked if stage_warnings("您好。", outage(status=status), one)] == list(blocked)


def test_the_message_says_the_way_on_and_the_verdict_blocks() -> None:
    over = facts(incident=outage(status="identified"))
    found = check("服务正常。", "zh", facts=over, phrase=phrase("服务正常。", stages=("resolved",)))
    assert [(warning.code, warning.blocking) for warning in found.warnings] == [("stage", True)]
    assert "resolved" in found.warnings[0].message
    assert "identified" in found.warnings[0].message
    assert "Search" in found.warnings[0].message
    assert found.verdict == "blocked"


def test_a_text_written_over_by_hand_is_judged_by_its_own_words() -> None:
    resolved = phrase("登录已经恢复，谢谢您一直等着。祝您顺利。", stages=("resolved",))
    filled = Filled("登录已经恢复，谢谢您一直等着。祝您顺利。", (), ())
    draft = Draft(filled=filled, customer=Customer(name="王女士"), is_edited=True)
    now = outage(status="identified")
    assert stage_warnings("登录还没恢复，谢谢您一直等着。祝您顺利。", now, resolved, draft)
    assert stage_warnings("我马上为您核实，请稍等。", now, resolved, draft) == []
    assert stage_warnings("全都修好了。", now, resolved, draft)


def test_without_an_incident_there_is_nothing_to_compare_with() -> None:
    assert stage_warnings("已经恢复。", None, phrase("已经恢复。", stages=("resolved",))) == []
