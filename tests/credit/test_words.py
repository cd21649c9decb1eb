"""Words mean something as whole words only, and structure speaks before them."""

from __future__ import annotations

import pytest

from farthing.credit.bills.read import read_bill
from farthing.credit.lexicon import is_kin, marks_of
from farthing.credit.movements import meaning_of
from tests.credit.made import alipay, alipay_row, wechat, wechat_row


def paid(who: str, what: str = "到店", kind: str = "餐饮美食") -> object:
    (item,) = read_bill(alipay(alipay_row(who, what, kind=kind))).transactions
    return meaning_of(item, "测试员")


def came(who: str, what: str = "转账", kind: str = "转账红包") -> object:
    (item,) = read_bill(alipay(alipay_row(who, what, kind=kind, direction="收入"))).transactions
    return meaning_of(item, "测试员")


def paid_by_wechat(who: str, what: str = "/", kind: str = "商户消费") -> object:
    (item,) = read_bill(wechat(wechat_row(who, what, kind=kind))).transactions
    return meaning_of(item, "测试员")


@pytest.mark.parametrize(
    "who",
    [
        "老字号鸭血粉丝汤",
        "毛血旺川菜馆",
        "佛跳墙餐厅",
        "佛山双皮奶",
        "味道观火锅",
        "频道观看会员",
        "老灶香火锅",
        "今天主食面包",
        "基督山咖啡",
        "药膳鸡煲",
        "佛罗伦萨披萨",
        "功德林素食",
        "猪血汤店",
        "血橙汁",
        "佛手瓜炒肉",
        "整体厨房",
        "康复路批发市场",
        "手机医院",
        "宠物医院",
        "农药店",
        "教会你烘焙",
    ],
)
def test_what_only_looks_like_illness_or_religion(who: str) -> None:
    for kind in ("餐饮美食", "日用百货", "其他", "生活服务"):
        assert paid(who, kind=kind) != "protected"
    assert paid_by_wechat(who) != "protected"


@pytest.mark.parametrize(
    "who",
    [
        "市第一人民医院",
        "仁和大药房",
        "口腔诊所",
        "社区卫生服务站",
        "灵隐寺",
        "圣心教堂",
        "城东清真寺",
        "基督教会",
        "华大基因检测",
        "血站",
        "康复中心",
        "体检中心",
        "功德箱",
        "白云观道观",
        "某某心理咨询",
        "国药药店(二店)",
    ],
)
def test_what_tells_of_illness_or_religion(who: str) -> None:
    assert paid(who, kind="其他") == "protected"
    assert paid_by_wechat(who) == "protected"


def test_the_type_alone_tells_of_illness() -> None:
    assert paid("某公司", "服务", kind="医疗健康") == "protected"


@pytest.mark.parametrize(
    ("who", "what", "kind"),
    [
        ("佛山市某陶瓷有限公司", "工资-2026年6月", "收入"),
        ("市第一人民医院", "工资", "收入"),
        ("某基金管理有限公司", "6月工资", "收入"),
        ("某小贷公司", "劳务费", "收入"),
        ("某药业有限公司", "年终奖", "转账红包"),
        ("王女士", "家教课时费", "转账红包"),
        ("浩浩妈妈", "课时费", "转账红包"),
        ("某公司", "报销款", "转账红包"),
        ("顾客", "收钱码收款", "商业服务"),
        ("某佛具厂", "薪资", "收入"),
        ("某财务公司", "工资", "收入"),
    ],
)
def test_what_was_earned(who: str, what: str, kind: str) -> None:
    assert came(who, what, kind) == ("in", "earned")


@pytest.mark.parametrize(
    "who",
    [
        "妈妈",
        "老妈",
        "我妈",
        "妈妈❤",
        "爸爸（手机）",
        "奶奶",
        "二姐",
        "大哥",
        "老公",
        "岳母",
        "外婆",
        "Mom",
        "姨妈",
        "亲爱的老婆",
    ],
)
@pytest.mark.parametrize("what", ["收款", "转账", "货款", "工资", "订单", "生活费", "外卖"])
def test_what_relatives_send_is_support(who: str, what: str) -> None:
    assert is_kin(who)
    assert came(who, what) == ("in", "support")


@pytest.mark.parametrize("who", ["老干妈食品", "外婆家餐厅", "妈祖庙旅游", "哥弟服饰", "大妈水饺", "王妈", "张哥烧烤"])
def test_shops_named_after_relatives_are_shops(who: str) -> None:
    assert not is_kin(who)


@pytest.mark.parametrize(
    ("who", "what", "kind", "meaning"),
    [
        ("小李", "群收款", "转账红包", "shared"),
        ("小李", "AA收款", "转账红包", "shared"),
        ("某银行", "借呗放款", "其他", "borrowed"),
        ("余额宝", "余额宝-转出", "转账红包", "own"),
        ("小李", "转账", "转账红包", ("in", "support")),
        ("小李", "红包", "转账红包", ("in", "support")),
        ("小李", "收款", "转账红包", ("in", "support")),
        ("老妈", "借款", "转账红包", "borrowed"),
        ("某店", "退货款", "收入", "refund"),
    ],
)
def test_other_income(who: str, what: str, kind: str, meaning: object) -> None:
    assert came(who, what, kind) == meaning


def test_shared_bills_by_wechat() -> None:
    (item,) = read_bill(
        wechat(wechat_row("小李", "/", kind="群收款", direction="收入", status="已存入零钱"))
    ).transactions
    assert meaning_of(item, "测试员") == "shared"


@pytest.mark.parametrize(
    ("who", "what", "kind", "meaning"),
    [
        ("某公益慈善基金会", "月捐", "公益捐赠", ("out", "other")),
        ("腾讯公益慈善基金会", "焕新乐园", "其他", ("out", "other")),
        ("白条鸡专卖", "鸡", "其他", ("out", "other")),
        ("某店", "部分付款", "其他", ("out", "other")),
        ("某店", "积分付尾款", "其他", ("out", "other")),
        ("自己人火锅", "晚餐", "其他", ("out", "essential")),
        ("自己人火锅", "晚餐", "餐饮美食", ("out", "essential")),
        ("京东白条", "白条还款", "信用借还", ("out", "debt_service")),
        ("借呗", "还款", "信用借还", ("out", "debt_service")),
        ("余额宝", "转入", "投资理财", "own"),
        ("某基金销售公司", "买入", "投资理财", "own"),
        ("招商银行", "信用卡还款", "信用借还", "own"),
        ("某批发市场", "进货", "其他", ("out", "operating")),
        ("国网电力", "电费", "充值缴费", ("out", "essential")),
        ("交通银行", "年费", "其他", ("out", "other")),
        ("某黄金店", "足金条", "其他", ("out", "other")),
    ],
)
def test_spending(who: str, what: str, kind: str, meaning: object) -> None:
    assert paid(who, what, kind) == meaning


def test_a_state_that_is_not_known_never_counts() -> None:
    for status, meaning in (
        ("谜之状态", "doubtful"),
        ("等待买家付款", "open"),
        ("交易关闭", "closed"),
        ("", "doubtful"),
    ):
        for direction in ("收入", "支出"):
            (item,) = read_bill(alipay(alipay_row("某公司", "工资", direction=direction, status=status))).transactions
            assert meaning_of(item, "测试员") == meaning


def test_full_width_letters_are_the_same_words() -> None:
    assert marks_of("ＡＡ收款") == marks_of("AA收款") == frozenset("s")
