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
    "目前还不能给出准确的恢复时间",
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
