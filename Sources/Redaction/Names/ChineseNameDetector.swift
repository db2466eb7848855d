/// Chinese names of persons: a surname and one or two characters behind a word that announces a person, or before a
/// title. A name that nothing announces is left alone: a surname is a common character.
enum ChineseNameDetector {
  /// Words behind which a name comes; a colon or 是, 为, 叫 may stand between.
  static let announcers: [StaticString] = [
    "联系人", "收件人", "收货人", "寄件人", "发件人", "户名", "姓名", "法定代表人", "法人代表", "负责人", "经办人", "申请人", "被申请人", "委托人", "受托人", "监护人",
    "持卡人", "投保人", "被保险人", "受益人", "承租人", "出租人", "患者", "原告", "被告人", "被告", "上诉人", "被上诉人", "本人", "我叫", "名叫", "委托", "咨询",
    "通讯员", "本报记者", "记者", "摄影", "班主任", "辅导员", "学生", "同学", "老人", "村民", "市民", "网友", "业主", "聯繫人", "開戶人",
  ]
  /// These name a person only with a colon or a blank behind them.
  private static let needMark: WordList = [
    "摄影", "负责人", "学生", "同学", "老人", "网友", "业主", "记者", "咨询", "通讯员", "姓名", "本报记者",
    "辅导员", "班主任", "被告", "原告", "患者", "市民", "村民", "申请人", "委托人", "受益人",
  ]
  /// Titles that stand right behind a full name.
  static let titles: [StaticString] = ["先生", "女士", "小姐", "老师", "教授", "同志", "大夫", "医生", "律师", "师傅"]

  private static let doubleSurnames: WordList = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "端木", "夏侯", "南宫", "长孙", "宇文", "轩辕", "独孤", "澹台",
    "呼延",
    "百里", "东郭", "西门", "申屠", "公羊", "赫连", "闻人", "拓跋", "完颜",
  ]
  /// Words that begin with a surname.
  private static let words: WordList = [
    "居民", "信任", "公司", "司法", "司隶", "单位", "家属", "方便", "于是", "时间", "成为", "成员", "全国", "全体", "国家", "平台", "安全", "安排", "高级",
    "管理", "项目",
    "相关", "权利", "权限", "计划", "计算", "党员", "金融", "水平", "万元", "和密码", "应当", "应该", "时候", "金额", "强制", "常务", "经理", "关于", "关系",
    "明确", "公安",
    "法院", "鉴定", "何时", "何地", "何人", "何种", "从事", "段落", "商品", "商家", "支付", "文件", "文化", "路由", "游戏", "温度", "常用", "元素", "普通",
    "原因", "原来",
    "房屋", "房产", "汽车", "车辆", "马上", "高于", "黄金", "江苏", "江西", "云南", "甘肃", "宁夏", "海南", "湖北", "广东", "山东", "上海", "北京",
  ]
  private static let surnames: HanSet = """
    王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付\
    方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左\
    柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄\
    窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南\
    班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏\
    鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由\
    張劉陳楊黃趙吳孫馬羅鄭許韓馮鄧蕭葉蘇魏呂盧鐘譚陸範賈鄒龍賀顧龔萬錢嚴湯齊喬龐顏倪莊聶魯嶽歐關蘭畢單塗騰駱藍遊華喻饒農吉車項連麥褚婁竇黨宮費衛應臧傅萧賴赖甯郤傅萧肖萧賴赖邬沐褚佘芦揭解乔邹甯郤佟
    """
  /// Characters that end a name rather than being its last: function words, verbs, beginnings of titles.
  private static let enders: HanSet = """
    的是在和与及或等了说称表对向从到被把将为于由因所让给就也都还又再已曾正办先女老同教医律师大总经主部处科局院校公司，。办委代电手身份证号户地\
    住出来去做个这那其他她它我你您们并而且但若如果先后前即则者以之不没有无很最更太得着过吗呢吧啊呀嘛（）《》该此各每某些几多少又介绍认告诉提写带指
    """
  /// A second character of a given name that is common enough to be believed where a word could go on.
  private static let givens: HanSet = """
    伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉梅红玲辉鹏飞波斌宇浩凯健俊峰林坤龙生珍燕莉萍云凤琴雪琳倩婷颖洁慧晶晨阳光亮东海江河山\
    建国庆春夏秋冬梦瑶佳欣怡悦雨诗琪涵子轩梓涵一诺浩然宁楠鑫森淼焱垚成功荣贵富祥瑞福禄寿喜康安泰和顺利德仁义礼智信忠孝廉志远博文武斌才学思睿哲\
    妍妮娅茜茹芸芬芝花莲菊蓉蓓蕾薇萱芷若素云彩虹丹青翠碧珠宝琼瑾瑜璐瑶环珊玫瑰琦琛璇玥珂珠帆航舟翔鸿鹤鹰雁鹃莺振兴旺盛昌隆达通全胜利凱峻岩岳\
    松柏竹柳杨桐梁栋材金银铁钢锋锐剑枫树根苗芽果实新亚欧美中正直方圆良善友爱心意恒永久长存世民主仙宜宏洪涌泉源清澈洁淑贤惠娴雅婉婵娥嫦姣妹娣姗姝\
    彬彪虎豹彦昊昕晓晖旭升昂启程继承传家业耀祖先宗绍维卫保守护佑天乐欢笑开怀舒畅逸凡超越然琰霖霏雯霄露霜冰凌玺颂嘉奇毅力勤奋进取攀登高立群众帅旭敬钧钰铭锦炎烨煜琨珍淳渊湘漫潇澜灵炜焕爽牧玄
    """

  /// A name behind an announcing word that ends at `end`.
  static func find(_ text: TextView, announcer start: Int, _ end: Int) -> Finding? {
    var place = end
    var isMarked = false
    while place - end < 12 {
      if text.at(place) == 0x20 || text.at(place) == 0x3A || text.at(place) == 0x09 {
        place += 1
        isMarked = true
      } else if text.has("：", at: place) || text.has("　", at: place) {
        place += 3
        isMarked = true
      } else if text.has("是", at: place) || text.has("为", at: place) || text.has("叫", at: place) {
        place += 3
      } else {
        break
      }
    }
    if !isMarked && needMark.match(text, at: start) != nil && !endsWithTitle(text, place) { return nil }
    guard let last = nameEnd(text, place), !text.has("用户名", at: start - 3) else { return nil }
    // Behind a bare verb a word is likelier than a name: every character must be one that names are made of.
    if !isMarked && nameLength(text, place, last, strict: true) == 0 { return nil }
    return Finding(kind: .name, start: place, end: last, key: text.key(place, last))
  }

  /// A full name right before a title that begins at `title`: its surname must begin a phrase.
  static func find(_ text: TextView, title: Int) -> Finding? {
    for characters in [3, 2, 4] {
      let start = title - 3 * characters
      guard start >= 0, nameLength(text, start, title) == characters, beginsPhrase(text, start) else { continue }
      return Finding(kind: .name, start: start, end: title, key: text.key(start, title))
    }
    return nil
  }

  /// Characters of a name that fills the range, 0 when it is none.
  private static func nameLength(_ text: TextView, _ start: Int, _ end: Int, strict: Bool = false) -> Int {
    let characters = (end - start) / 3
    let surname = doubleSurnames.match(text, at: start) != nil ? 2 : surnames.holds(text, start) ? 1 : 0
    guard surname > 0, (1...2).contains(characters - surname) else { return 0 }
    for index in surname..<characters {
      let place = start + 3 * index
      guard HanSet.isHan(text, place),
        givens.holds(text, place) || (!strict && characters == 2 && !enders.holds(text, place))
      else { return 0 }
    }
    return characters
  }

  private static func beginsPhrase(_ text: TextView, _ start: Int) -> Bool {
    if start == 0 || text.at(start - 1) < 0x80 { return true }
    if !HanSet.isHan(text, start - 3) { return true }
    for word: StaticString in ["的", "和", "与", "是", "由", "请", "向", "对", "给", "为", "找", "跟", "让", "询", "谢", "致", "家"]
    where text.has(word, at: start - 3) {
      return true
    }
    return false
  }

  private static func endsWithTitle(_ text: TextView, _ place: Int) -> Bool {
    guard let end = nameEnd(text, place) else { return false }
    return titles.contains { text.has($0, at: end) }
  }

  /// Where a name that begins at `start` ends.
  private static func nameEnd(_ text: TextView, _ start: Int) -> Int? {
    var first = start
    if words.match(text, at: start) != nil { return nil }
    if doubleSurnames.match(text, at: start) != nil {
      first += 6
    } else if surnames.holds(text, start) {
      first += 3
    } else {
      return nil
    }
    guard HanSet.isHan(text, first), !enders.holds(text, first) else { return nil }
    let second = first + 3
    guard HanSet.isHan(text, second), !enders.holds(text, second) else { return second }
    let third = second + 3
    let isLast = !HanSet.isHan(text, third) || enders.holds(text, third)
    if givens.holds(text, second) || (isLast && givens.holds(text, first)) { return third }
    // A word of some other kind goes on: no name, unless the first character is a name's for sure.
    return isLast || givens.holds(text, first) ? (isLast ? third : second) : nil
  }
}
