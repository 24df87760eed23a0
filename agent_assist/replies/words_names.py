"""Words about people that the check of names knows: forms of address, and names that are ordinary words too."""


def listed(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


HONORIFICS_ZH = ("先生", "女士", "小姐")
"""Forms of address after a Chinese surname, where the customer's own is not known."""

ADDRESSES_ZH = ("老师", "总", "经理", "姐", "哥", "大姐", "大哥", "阿姨", "叔叔", "师傅", "医生", "太太")
"""Further ones: after a surname they count where somebody is addressed."""

FAMILIAR_ZH = ("小", "老", "阿")
"""Before a surname, in the same way."""

HONORIFICS_EN = (
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "herr",
    "frau",
    "madame",
    "mme",
    "monsieur",
    "senor",
    "senora",
    "sr",
    "sra",
)
"""Forms of address before a surname, in lower case and without a stop."""

NOBODY = listed(
    """
    先生 女士 小姐 客户 顾客 用户 会员 匿名 匿名用户 亲 您 老师 customer guest user client anonymous
    unknown sir madam test vip mr mrs ms miss dr prof
    """
)
"""What stands for a name and names nobody."""

DOUBLE_SURNAMES = listed(
    """
    欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 宇文 轩辕 端木 南宫 独孤 西门 百里
    """
)

ORDINARY_ZH = listed(
    """
    高兴 方便 安全 安心 平安 成功 万一 马上 周到 周全 周末 温馨 温暖 和平 应该 方法 方案 常用 时间 时刻
    明天 明白 全部 原因 于是 关心 关于 金额 钱款 程序 路线 白天 向前 解决 解释 支付 有效 能力 常见 项目
    文明 文件 石油 水平 左右 来回 国庆 元旦 谢谢 通知 经理 计划 申请 包含 商品 车票 党员
    阳光 晴天 希望 快乐 幸福 美丽 春天 大海 天空 朋友 努力 认真
    """
)
"""Words of replies that could be a name: they count as one only where somebody is addressed."""

ORDINARY_EN = listed(
    """
    an so do he she you we me us it no on to in at may will mark hope grace faith joy rose art bill rich
    sue pat rob chance summer april june august sunny long van den page price cash case chase young gay
    major miles max min guy jack drew frank ernest dawn eve ivy iris lily olive penny ray rusty sandy
    skip stew ted tad wade ward west woods wright best good great day fair field fields green brown
    white black gold silver king love moon new noble pay poor sharp short small smart song star stone
    storm street strong swift true underwood waters weeks winter wise
    """
)
