"""Own the words by which movements are classified, each with what it tells, and the words that only look like them.

A text is cut into the longest words known here, from left to right; what is no word here tells nothing. So a word is
never found inside another (the Buddha in Foshan, blood in a soup, a fund in a foundation): the longer word is listed,
with its own meaning or with none. Pure.

Marks: ``h`` illness, blood, genes or religion (Credit Reporting Regulation art. 14), ``o`` own accounts, ``l`` lent,
``r`` repaid, ``f`` family, ``w`` plainly work, ``v`` business, ``t`` handed from person to person, ``s`` a bill shared
among friends, ``d`` given away, ``p`` a business's costs, ``e`` essential.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORDS: tuple[tuple[str, str], ...] = (
    (
        "h",
        "医院 医疗 诊所 门诊 卫生院 卫生所 卫生室 社区卫生 卫生服务站 卫生服务中心 医药 药房 药店 药品 药业 药堂 "
        "大药房 西药 中药 草药 药费 药材 眼药水 胰岛素 体检 身体检查 挂号 医保 牙科 口腔 眼科 齿科 骨科 儿科 "
        "妇科 男科 皮肤科 精神科 中医 康复 心理咨询 心理医生 心理诊疗 妇幼 保健院 疾控 核酸 疫苗 献血 血站 血液 "
        "验血 抽血 采血 输血 血常规 血透 透析 血糖 血压 血压计 高血压 血脂 化疗 放疗 肿瘤 癌症 抗癌 糖尿病 肝炎 "
        "艾滋 抑郁症 住院 手术费 手术 就诊 问诊 处方 产检 孕检 试管婴儿 针灸 理疗 医生 医师 医护 护理院 疗养院 "
        "助听器 假肢 基因 基因检测 亲子鉴定 遗传病 互联网医院 月子病 病历 寺院 寺庙 禅寺 佛教 佛寺 佛堂 佛像 "
        "佛事 佛学院 拜佛 供佛 念佛 法会 法事 道教 清真寺 教堂 礼拜堂 福音堂 修道院 基督教 基督 天主教 天主堂 "
        "伊斯兰教 家庭教会 教会奉献 教会捐款 功德 功德箱 功德款 香火 香火钱 香油钱 布施 开光 诵经 超度 做礼拜",
    ),
    (
        "",
        "宠物医院 动物医院 手机医院 电脑医院 汽车医院 玩具医院 皮鞋医院 皮具医院 家电医院 手机诊所 电脑诊所 "
        "汽车诊所 宠物诊所 宠物疫苗 手机医生 电脑医生 汽车医生 家电医生 车辆体检 汽车体检 电脑体检 整体 立体 "
        "液体 气体 物体 实体 总体 主体 具体 集体 载体 固体 挂号信 康复路 教堂路 教堂街 教堂广场 教堂咖啡 佛堂镇 "
        "功德林 基督山 基督城 文化基因 红色基因 城市基因 山药 农药 兽药 火药 炸药 弹药 芍药 药膳 药妆 环境卫生 "
        "公共卫生间 卫生间 心血 热血 鸭血 猪血 血橙 血肠 血旺 毛血旺 鸡血藤 鸡血 羊血 狗血 血战 血拼 佛山 佛冈 "
        "佛系 仿佛 哈佛 佛跳墙 佛手 佛手瓜 佛罗伦萨 弥勒 佛坪 万佛 大佛 一次性手术衣 基金会 公积金 基金小镇 "
        "基金业 理财师 理财课 理财学院 自己人 自己动手 自己家 自己做 定期保养 定期检修 定期检查 转入职 转出租 "
        "存款利率 贷款利率 白条鸡 白条猪 白条鸭 白条鹅 白条羊 部分 大部分 一部分 平分 均分 积分 百分 拆分 黄金条 "
        "足金条 投资金条 金条款 差旅备用金 项目备用金 公司备用金 备用金报销 营业厅 营业执照 分期乐园 妈妈菜 "
        "妈妈味 干妈 老干妈 大妈 舅妈面 爸爸糖 爷爷泡茶 奶奶家 外婆家 姥姥家 妈祖 哥老官 哥弟 姐妹淘 茶水费 "
        "充电费 停电 移动硬盘 移动电源 移动端 交通银行 餐具 餐桌 暖宝宝 暖壶 狗粮 猫粮 教育储蓄 培训基地 话费券 "
        "收入证明 订单险 运费险 退货运费险 收款机 收款音箱 收款码牌",
    ),
    (
        "e",
        "香火锅 火锅 鸭血粉丝汤 鸭血粉丝 毛血旺饭 佛跳墙饭 药膳鸡 血糯米",
    ),
    (
        "o",
        "余额宝 零钱通 理财 理财通 基金 货币基金 提现 转入 转出 零钱充值 账户充值 余额充值 信用卡还款 花呗 "
        "花呗还款 本人 自己 定期存款 定期 存款 小荷包 余利宝 笔笔攒 银证转账 证券转账 工资卡 投资理财 账户存取 "
        "充值提现 零钱提现 购买理财通 转存 活期宝 零钱提取",
    ),
    (
        "l",
        "借呗 微粒贷 网商贷 白条 备用金 消费贷 贷款 借款 金条 分付 小贷 小额贷款 信用贷 经营贷 车贷 房贷 按揭 "
        "网贷 现金贷 放款 放贷 借条 度小满 安逸花 省呗 分期乐 拍拍贷 有钱花 任性贷 借钱 贷款发放 信贷 助贷",
    ),
    (
        "r",
        "还款 还贷 归还 偿还 月供 还清 还本 还息 结清 自动还款 主动还款 提前还款 代扣还款 还借呗 还借款 还贷款 "
        "还白条 还钱",
    ),
    (
        "f",
        "生活费 亲情卡 亲属卡 亲情 亲属 压岁钱 压岁 红包 家人 家用 零花钱 孝敬 妈妈 爸爸 母亲 父亲 爷爷 奶奶 "
        "姥姥 姥爷 外公 外婆 老公 老婆 哥哥 姐姐 弟弟 妹妹 叔叔 舅舅 姑姑 姨妈",
    ),
    (
        "w",
        "工资 薪资 薪水 薪金 薪酬 月薪 底薪 年薪 发薪 课时费 课时 课酬 讲课费 劳务费 劳务 稿费 稿酬 兼职 佣金 "
        "报酬 奖金 年终奖 实习工资 实习 绩效 提成 津贴 补贴 加班费 代发 家教 家教费 工钱 工程款 设计费 咨询费 "
        "加工费 跑腿费 配送费 报销 报销款 离职补偿 计件 佣金结算 骑手收入",
    ),
    (
        "v",
        "货款 订单 外卖 配送 跑腿 运费 结算 结算款 收入 营业款 营业额 营业 经营 经营收款 二维码收款 收钱码 "
        "收钱码收款 商家收款 商户收款 收款码 门店收款 租金 房租",
    ),
    (
        "t",
        "转账 红包 微信红包 赞赏 赞赏码 亲友 亲友代付 转账红包 亲属卡交易",
    ),
    (
        "s",
        "群收款 AA收款 AA制 aa收款 均摊 分摊 拼单 AA AA付款 凑份子 饭钱",
    ),
    (
        "d",
        "基金会 公益基金会 慈善基金会 公益基金 慈善基金 公益捐赠 捐款 捐赠 月捐 公益 慈善 分分捐 爱心捐 爱心捐赠 "
        "互助保障",
    ),
    (
        "p",
        "货款 进货 批发 贸易 经销 经销部 商贸 店员 店面 门面 铺租 摊位 原料 包材 包装材料 物流 快递 加工 加工费",
    ),
    (
        "e",
        "餐 餐饮 餐厅 餐饮美食 饮食 美食 食堂 面馆 小吃 包子 包子铺 粥 米线 外卖 饿了么 超市 便利 便利店 生鲜 "
        "买菜 菜市 菜市场 菜场 粮油 粮 农产品 日用 日用百货 住房 住房物业 物业 房租 房东 公寓 租金 电费 电力 "
        "水费 水务 燃气 供暖 暖气 采暖 话费 话费充值 中国移动 移动 联通 中国联通 电信 中国电信 缴费 充值缴费 "
        "生活缴费 生活服务 交通 交通出行 地铁 公交 铁路 客运 一卡通 加油 加油站 教育 教育培训 学费 培训 母婴 "
        "母婴亲子 幼儿 幼儿园",
    ),
)  # fmt: skip

_MARKS: dict[str, set[str]] = {}
for _marks, _text in _WORDS:
    for _word in _text.split():
        _MARKS.setdefault(_word, set()).update(_marks)
_BY_FIRST: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
for _word in sorted(_MARKS, key=len, reverse=True):
    _BY_FIRST[_word[0]] = (*_BY_FIRST.get(_word[0], ()), (_word, frozenset(_MARKS[_word])))

_WORSHIP = re.compile(r"[㐀-鿿](?:寺|庙|庵|道观|清真寺|教堂|教会|禅院)(?:\(.{1,12}\))?$")
_KIN = (
    "妈妈|妈咪|老妈|我妈|亲妈|妈|母亲|娘|爸爸|老爸|我爸|爸|爹|老爹|父亲|爷爷|奶奶|姥姥|姥爷|外公|外婆|公公|婆婆|岳父|岳母|丈母娘|老丈人|"
    "哥哥|哥|姐姐|姐|弟弟|弟|妹妹|妹|叔叔|叔|伯伯|伯父|伯母|姑姑|姑妈|姑父|舅舅|舅|舅妈|姨妈|姨|婶婶|嫂子|姐夫|妹夫|弟媳|"
    "表哥|表姐|表弟|表妹|堂哥|堂姐|堂弟|堂妹|老公|老婆|媳妇|丈夫|妻子|儿子|女儿|侄子|侄女|外甥|家人|父母|爸妈|爸爸妈妈"
)
_KINSHIP = re.compile(
    rf"(?:亲爱的|我的|我|咱|亲)?(?:老|大|小|二|三|四)?(?:{_KIN})|mom|mum|mama|dad|papa", re.IGNORECASE
)
_NOT_LETTERS = re.compile(r"\(.*?\)|[^0-9A-Za-z㐀-鿿]")
NOTHING: frozenset[str] = frozenset()


@lru_cache(maxsize=16_384)
def marks_of(text: str) -> frozenset[str]:
    """What the words of a text tell together."""
    if not text:
        return NOTHING
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    found: set[str] = set()
    at, end = 0, len(text)
    while at < end:
        step = 1
        for word, marks in _BY_FIRST.get(text[at], ()):
            if text.startswith(word, at):
                found |= marks
                step = len(word)
                break
        at += step
    return frozenset(found)


@lru_cache(maxsize=4096)
def is_worship(counterparty: str) -> bool:
    """Whether a name ends as the name of a temple, a church or a mosque does."""
    return bool(_WORSHIP.search(unicodedata.normalize("NFKC", counterparty).strip()))


@lru_cache(maxsize=4096)
def is_kin(counterparty: str) -> bool:
    """Whether a name is wholly a word for a relative: ``妈妈``, ``老爸``, ``二姐``, with brackets and signs left out."""
    return bool(_KINSHIP.fullmatch(_NOT_LETTERS.sub("", unicodedata.normalize("NFKC", counterparty))))
