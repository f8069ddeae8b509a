"""Which ledger a sheet is, where neither its name nor its file's says so."""

from __future__ import annotations

BUILDINGS = [["楼宇名称", "街道", "建筑面积(㎡)", "可租售面积(㎡)"], ["青禾大厦", "中山街道", 32000, 25000]]


def test_a_list_of_names_codes_and_taxes_is_no_list_of_tenants(folder):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    head = ["纳税人名称", "社会信用代码", "所在楼宇", "全口径税收（万元）"]
    folder.xlsx("2020年企业税收.xlsx", [head, ["甲公司", "91110105MA00000012", "青禾大厦", 120.5]])
    ledgers = folder.read()
    assert "tenancies" not in ledgers.frames
    assert ledgers["taxes"][["enterprise", "building_id", "year", "tax_yuan"]].values.tolist() == [
        ["甲公司", "青禾大厦", 2020, 1_205_000.0]
    ]


def test_taxes_in_a_list_of_tenants_are_read_as_taxes_too(folder):
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    head = [
        "企业名称",
        "信用代码",
        "楼宇名称",
        "面积(㎡)",
        "入驻时间",
        "2019年税收(万元)",
        "2020年税收(万元)",
    ]
    row = ["甲公司", "91110105MA00000012", "青禾大厦", 500, "2018.6", 80, 120]
    folder.xlsx("入驻企业.xlsx", [head, row])
    ledgers = folder.read()
    assert ledgers["tenancies"][["enterprise", "area_sqm"]].values.tolist() == [["甲公司", 500.0]]
    assert ledgers["taxes"][["enterprise_id", "building_id", "year", "tax_yuan"]].values.tolist() == [
        ["91110105MA00000012", "青禾大厦", 2019, 800_000.0],
        ["91110105MA00000012", "青禾大厦", 2020, 1_200_000.0],
    ]


def test_a_census_of_idle_space_that_says_only_number_and_name(folder):
    head = [
        "编号",
        "名称",
        "地址",
        "类型",
        "总面积\n（㎡）",
        "闲置面积\n（㎡）",
        "闲置起始时间",
        "联系人及电话",
    ]
    row = [1, "老厂房", "东街1号", "工业厂房", 5000, "3,200", "2018年", "张 13800000000"]
    folder.xlsx("闲置资源普查表（2020年底）.xlsx", [head, row])
    ledgers = folder.read()
    assert list(ledgers.frames) == ["idle"]
    assert ledgers["idle"][["idle_id", "idle_name", "idle_area_sqm", "year"]].values.tolist() == [
        ["1", "老厂房", 3200.0, 2020]
    ]
