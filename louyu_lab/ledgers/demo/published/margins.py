"""What 和平区 published of its building economy: the margins that the demonstration district reproduces.

Source: 沈阳市和平区“十四五”楼宇经济发展规划; stock and occupancy at the end of 2020, enterprises' taxes
of 2019. Areas in ㎡, money in 元, rates 0–1. The places bear invented names, see ``places``.
"""

from __future__ import annotations

YEARS = tuple(range(2013, 2021))
#: Year of the enterprises' taxes; the buildings' are those of the last year.
TAX_YEAR = 2019

BUILDINGS = 89
GROSS_SQM = 4_227_000.0
LARGE_SQM, LARGE_BUILDINGS = 100_000.0, 11
PIPELINE_SQM = 3_350_000.0

#: Buildings by occupancy rate: lowest and highest rate of the band, and how many stand in it.
OCCUPANCY_BANDS = ((0.85, 0.995, 56), (0.70, 0.85, 18), (0.50, 0.70, 10), (0.15, 0.50, 5))
#: 平均入驻率 85 % 以上; 闲置率约 15 % without buildings of scattered ownership.
OCCUPANCY_RATE, UNIFIED_OCCUPANCY_RATE = 0.8521, 0.8537

#: A tower that opened at the end of 2019: tenants, and vacant area (近 4.5 万㎡).
NEW_TOWER_TENANTS, NEW_TOWER_VACANT_SQM = 6, 44_870.0
#: A tower that tenants left in the pandemic: how many, and the area they gave up (printed without 万).
PANDEMIC_EXITS, PANDEMIC_EXIT_SQM = 10, 12_000

#: Tenants by industry at the end of 2020; of the remaining eleven industries only the sum follows.
FIRMS = 12_373
FIRMS_BY_SECTOR = {"商贸": 5_593, "科技": 3_130, "金融": 231, "文化": 407}
#: The year before, by the growth published for the first two (9.1 % and 2.3 %); 文化 grew a little.
FIRMS_BY_SECTOR_BEFORE = {"商贸": 5_126, "科技": 3_060, "金融": 226, "文化": 398}

#: Building taxes of 2020 (亿元): the eleven 亿元楼 (43.9 together), those of 7000万–1亿, of 5000–7000万.
YI_TAXES = (9.783, 7.226, 5.614, 4.581, 3.912, 3.287, 2.806, 2.294, 1.783, 1.418, 1.196)
QUASI_YI_TAXES = (0.957, 0.912, 0.861, 0.813, 0.769, 0.724)
UPPER_TAXES = (0.583,)
#: 亿元楼 by area.
YI_BY_AREA = {"望湖": 3, "澜江口": 3, "老南门": 2, "东岭": 2, "书院里": 1}
#: Those of the 18 that live on one payer, by rank: the plan speaks of 10 others.
SINGLE_SOURCE_RANKS = (1, 3, 5, 7, 9, 11, 13, 15)
#: 亿元楼 are 27.5 % of the district's tax.
DISTRICT_TAX_YI = 159.64

#: Enterprises paying 1000万 and more, and 500 to 1000万, in 2019 (2018): inside the buildings and outside.
LARGE_PAYERS, LARGE_PAYERS_BEFORE = (62, 95), (59, 96)
MIDDLE_PAYERS = (56, 73)
#: Their taxes (亿元): 47.9 is 44.5 % of the first, 51.7 is 44.4 % of both together.
LARGE_TAX_YI, MIDDLE_TAX_YI = (47.9, 59.74), (3.8, 5.0)

#: Key idle resources (3000 ㎡ and more): number and idle area (㎡) by area, 65.9 万㎡ in all.
KEY_IDLE = {
    "澜江口": (16, 552_300.0),
    "老南门": (1, 15_200.0),
    "北广场": (3, 29_200.0),
    "书院里": (2, 47_200.0),
    "新港湾": (1, 10_200.0),
    "望湖": (1, 5_000.0),
}
