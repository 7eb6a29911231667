"""What a place without a name of its own is called, English and Chinese; in Chinese the same as on the screen."""

Both = tuple[str, str]

KINDS: dict[str, Both] = {
    "attraction": ("attraction", "景点"),
    "bank": ("bank", "银行"),
    "bus_station": ("bus station", "汽车站"),
    "cinema": ("cinema", "电影院"),
    "clinic": ("clinic", "诊所"),
    "college": ("college", "学院"),
    "community_centre": ("community centre", "社区中心"),
    "courthouse": ("courthouse", "法院"),
    "department_store": ("department store", "百货商店"),
    "diplomatic": ("diplomatic mission", "外交机构"),
    "embassy": ("embassy", "使馆"),
    "entrance": ("entrance", "出入口"),
    "ferry_terminal": ("ferry terminal", "客运码头"),
    "fire_station": ("fire station", "消防站"),
    "fuel": ("filling station", "加油站"),
    "government": ("government office", "政府机关"),
    "halt": ("halt", "乘降所"),
    "hospital": ("hospital", "医院"),
    "hotel": ("hotel", "酒店"),
    "jewelry": ("jeweller", "珠宝店"),
    "kindergarten": ("kindergarten", "幼儿园"),
    "library": ("library", "图书馆"),
    "mall": ("mall", "购物中心"),
    "marketplace": ("marketplace", "市场"),
    "museum": ("museum", "博物馆"),
    "nightclub": ("nightclub", "夜总会"),
    "park": ("park", "公园"),
    "place_of_worship": ("place of worship", "宗教场所"),
    "playground": ("playground", "儿童游乐场"),
    "police": ("police", "公安机构"),
    "post_office": ("post office", "邮局"),
    "prison": ("prison", "监狱"),
    "school": ("school", "学校"),
    "square": ("square", "广场"),
    "stadium": ("stadium", "体育场"),
    "station": ("station", "车站"),
    "subway_entrance": ("subway entrance", "地铁出入口"),
    "supermarket": ("supermarket", "超市"),
    "theatre": ("theatre", "剧院"),
    "townhall": ("town hall", "政府机关"),
    "tram_stop": ("tram stop", "电车站"),
    "university": ("university", "大学"),
}


def place_name_words(name: str) -> Both:
    """Places that the map does not name have their kind for a name."""
    return KINDS.get(name.replace(" ", "_"), (name, name))
