"""What the rules of a record are called, in English and Chinese: figures count by them, lists are filtered by them."""

from vms.inventory.archive.conformity import rule_codes

_NAMES = {
    "id_missing": ("no national id", "缺国标编码"),
    "id_valid": ("national id cannot be", "国标编码无效"),
    "id_type": ("id is not of a camera", "国标类型非摄像机"),
    "id_civil_code": ("id and civil code differ", "国标与区划不一致"),
    "id_unique": ("id is not unique", "国标编码重复"),
    "civil_code_missing": ("no civil code", "缺行政区划代码"),
    "civil_code": ("unknown civil code", "区划代码未知"),
    "police_code_missing": ("no police code", "缺公安机关代码"),
    "police_org_code": ("police code is not 12 digits", "公安机关代码非12位"),
    "position_zero": ("position is 0, 0", "坐标为零"),
    "position_swapped": ("longitude and latitude swapped", "经纬度颠倒"),
    "position_missing": ("no position", "缺坐标"),
    "position_outside": ("outside its region", "坐标越界"),
    "position_doubled": ("same spot as another pole", "坐标重复"),
    "position_decimals": ("too few decimals", "坐标位数不足"),
    "address_missing": ("no address", "缺IP地址"),
    "address_answers": ("address does not answer", "地址无应答"),
    "device_found": ("no device at its address", "登记地址无设备"),
    "mac_equal": ("MAC differs", "MAC不符"),
    "model_equal": ("model differs", "型号不符"),
    "name_equal": ("name differs from the picture", "名称与画面不符"),
    "retention_missing": ("retention not stated", "缺录像保存天数"),
    "retention": ("kept too short", "存储天数不足"),
    "filing": ("filed too late", "逾期备案"),
    "filing_missing": ("not filed in time", "逾期未备案"),
    "signage": ("no sign", "无提示标识"),
    "code_known": ("code in no table", "代码不在代码表"),
}


RULE_NAMES = {code: _NAMES[code] for code in rule_codes()}
"""By code, in the order of the record."""
