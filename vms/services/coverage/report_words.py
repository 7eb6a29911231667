"""Words of the printed report on coverage, English and Chinese; in Chinese the same as on the screen."""

from vms.coverage.gap_steps import GapState
from vms.coverage.gaps import GapCause
from vms.coverage.ground import Ground

Both = tuple[str, str]

GROUND: dict[str, Both] = {
    Ground.MAIN_ROAD: ("main roads", "主干道"),
    Ground.STREET: ("streets", "街道"),
    Ground.LANE: ("lanes and footways", "小路"),
    Ground.RAILWAY: ("railway lines", "铁路沿线"),
    Ground.KEY_PLACE: ("key places", "重点部位"),
    Ground.SQUARE: ("squares", "广场"),
    Ground.UNIT_ENTRANCE: ("entrances of units", "单位出入口"),
    Ground.SCHOOL_GATE: ("school gates", "校门"),
    Ground.CROSSING: ("crossings", "路口"),
    Ground.TOWN_EXIT: ("town entrances and exits", "出入城口"),
}
CAUSE: dict[str, Both] = {
    GapCause.NONE_BUILT: ("no camera built", "未建设"),
    GapCause.BLOCKED: ("blocked by a building", "被建筑遮挡"),
    GapCause.TOO_COARSE: ("too coarse", "距离过远不清晰"),
    GapCause.FAULTY: ("camera faulty", "摄像机故障"),
    GapCause.NO_CONSENT: ("no consent", "未获授权"),
}
STATE: dict[str, Both] = {
    GapState.OPEN: ("open", "待确认"),
    GapState.CONFIRMED: ("confirmed", "已确认"),
    GapState.NOTED: ("noted on the spot", "已记录"),
    GapState.PLANNED: ("planned", "已列入规划"),
}
METHOD: tuple[Both, ...] = (
    (
        "Roads are cut into stretches of at most 5 m, each side apart; tunnels and ground inside buildings are left "
        "out. Each side counts half of the road's length. A stretch is covered while at least so many cameras as the "
        "rules ask for see it, between the buildings, with at least the pixels per metre asked for, are in order and "
        "may be looked at.",
        "道路按不超过5米分段，左右两侧分别计算，每侧按道路长度的一半计入；隧道和建筑物内部不计。某路段同时满足下列条件时计为已覆盖："
        "在建筑物遮挡条件下可见该处、像素密度达到要求、状态正常且可调阅的摄像机不少于规则要求的数量。",
    ),
    (
        "By night a camera declared to have no supplementary light does not count.",
        "夜间计算时，登记为无补光的摄像机不计入。",
    ),
    (
        "A rate over days is the sum of metres times the time for which they were covered, over the sum of metres "
        "times the time that was measured. Time in which nobody measured counts neither as covered nor as missing.",
        "时段覆盖率＝各路段长度×已覆盖时间之和÷各路段长度×已测量时间之和；未测量的时间既不计为覆盖，也不计为缺失。",
    ),
    (
        "Entrances: so many different cameras must see the road to the left and to the right of it; that road is "
        "measured once more under the entrance's class.",
        "出入口：其左右两侧道路须由规定数量的不同摄像机覆盖；该路段在出入口类别下另行计算。",
    ),
    (
        "The cause of a gap is the cheapest remedy that would cover it: repair, consent, a sharper view, a building in "
        "the way, a new camera.",
        "盲区原因按代价最小的补救方式确定：维修、取得授权、提高清晰度、建筑遮挡、新建。",
    ),
    (
        "A region's row holds the region with all below it; what lies in none of those below it is told as elsewhere "
        "in it. The target of several classes together weighs each class by what is asked for of it; it is left open "
        "where a class has none.",
        "区域行包含该区域及其全部下级；不属于任何下级区域的部分列为其余部分。多个类别合计的目标按各类别应覆盖量加权；有类别未设目标时不列目标。",
    ),
    (
        "Ground belongs to no tier. A tier sees what its usable cameras by themselves see as the rules ask; it alone "
        "sees what is covered and would not be without them. Both are parts of all the ground that is asked for.",
        "地面不属于任何产权层级。“该层级看得见的”指仅凭该层级可用摄像机即达到要求的部分；“仅该层级看得见的”指目前已覆盖、"
        "缺少该层级摄像机即不再覆盖的部分；两者均为占全部应覆盖量的比例。",
    ),
)
