"""Own the names of made-up people: Chinese ones, and those of the other scripts that the bank's documents print. Pure."""

from __future__ import annotations

from farthing.credit.bills.sample import Dice

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
DOUBLE = ("欧阳", "司马", "上官", "诸葛", "皇甫")
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉志海波宁贵福生龙元全胜学祥才发武新利清"
    "飞彬富顺信子昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江"
    "浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以建家致树炎德行时泰盛雄琛钧冠策腾楠榕"
    "风航弘"
)
OTHERS = (
    "阿不都·热合曼", "艾尔肯·吐尔逊", "古丽·买买提", "卓玛才旦", "扎西多吉", "乌云其木格", "巴特尔", "额尔敦",
    "ئەركىن تۇرسۇن", "گۈلنار ئابلىز", "བསོད་ནམས་ཚེ་རིང་", "བཀྲ་ཤིས་རྡོ་རྗེ་", "ᠪᠠᠲᠦᠪᠠᠶᠠᠷ", "ᠣᠶᠤᠨ",
    "김영희", "박철수", "ꀉꐛꇬꁮ", "Дархан Алимов", "Veiz Daihnuengz", "𠮷田",
)  # fmt: skip
"""Uyghur, Tibetan, Mongolian, Korean, Yi, Kazakh, Zhuang, and a surname from beyond the basic plane."""
OTHER_PERCENT = 8


def ordinary(seed: int) -> str:
    """A name such as most have, the same for a seed."""
    return SURNAMES[seed % len(SURNAMES)] + GIVEN[seed * 7 % len(GIVEN)]


def name_of(dice: Dice) -> str:
    """Somebody's name: nine of ten Chinese, with a double surname now and then."""
    chance = dice.randint(1, 100)
    if chance <= OTHER_PERCENT:
        return dice.choice(OTHERS)
    surname = dice.choice(DOUBLE) if chance <= OTHER_PERCENT + 1 else dice.choice(SURNAMES)
    return surname + "".join(dice.choice(GIVEN) for _ in range(dice.randint(1, 2)))
