"""Where the demonstration district's buildings stand: invented areas, streets and zones."""

from __future__ import annotations

from dataclasses import dataclass

DISTRICT, CITY = "和安区", "澜州"


@dataclass(frozen=True)
class Place:
    """A customary area with the street and the planning zone it is counted to.

    Areas, streets and zones cross, as they do in the published plan. ``lon``/``lat`` is the middle
    (decimal degrees, at sea, so that no real place is meant).
    """

    area: str
    street: str
    zone: str
    road: str
    buildings: int
    lon: float
    lat: float


#: Zones hold 40, 29, 18 and 2 buildings, as published.
PLACES = (
    Place("澜江口", "澜江街道", "澜江金融商贸区", "澜江大道", 15, 124.310, 29.520),
    Place("澜江口", "江口街道", "澜江金融商贸区", "江口路", 9, 124.316, 29.526),
    Place("书院里", "书院街道", "澜江金融商贸区", "书院路", 6, 124.293, 29.505),
    Place("书院里", "江口街道", "澜江金融商贸区", "文汇路", 3, 124.298, 29.516),
    Place("北广场", "北苑街道", "澜江金融商贸区", "北广场路", 3, 124.309, 29.536),
    Place("老南门", "南门街道", "澜江金融商贸区", "南门大街", 4, 124.302, 29.508),
    Place("望湖", "望湖街道", "望湖科创区", "望湖路", 13, 124.333, 29.518),
    Place("望湖", "东岭街道", "望湖科创区", "环湖东路", 7, 124.341, 29.513),
    Place("东岭", "东岭街道", "望湖科创区", "东岭街", 6, 124.348, 29.526),
    Place("新港湾", "新港街道", "望湖科创区", "新港大道", 3, 124.352, 29.500),
    Place("北广场", "北苑街道", "老城文商区", "北苑大街", 8, 124.318, 29.538),
    Place("老南门", "南门街道", "老城文商区", "鼓楼前街", 8, 124.306, 29.513),
    Place("书院里", "书院街道", "老城文商区", "学府巷", 2, 124.289, 29.509),
    Place("新港湾", "新港街道", "新港文旅发展带", "港湾一路", 1, 124.357, 29.494),
    Place("东岭", "新港街道", "新港文旅发展带", "东岭南街", 1, 124.355, 29.519),
)
