/// Phrases of promotion, page furniture and filler, built in; the same as `etc/keywords/promotion.txt`.
public enum DefaultKeywords {
  /// One phrase a line; lines that start with '#' and empty lines are skipped.
  public static func phrases(of file: [UInt8]) -> [[UInt8]] {
    file.split(separator: 0x0A).map { line in
      Array(line.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
    }.filter { !$0.isEmpty && $0[0] != UInt8(ascii: "#") }
  }

  public static let phrases = phrases(of: Array(text.utf8))

  public static let text = """
    # Phrases that fill advertisements, navigation and templates. A text is judged by the share of its bytes that
    # they cover, never by a single hit.
    lorem ipsum
    dolor sit amet
    consectetur adipiscing elit
    click here
    read more
    buy now
    add to cart
    free shipping
    sign up now
    subscribe now
    limited time offer
    best price
    order now
    privacy policy
    terms of service
    terms of use
    all rights reserved
    cookie policy
    accept cookies
    follow us
    share this
    contact us
    about us
    log in
    sign in
    sitemap
    site map
    previous post
    next post
    skip to content
    back to top
    online casino
    payday loan
    cheap viagra
    点击查看
    点击这里
    点击下载
    点击进入
    立即购买
    立即下载
    立即咨询
    立即注册
    免费下载
    免费咨询
    免费领取
    加微信
    微信公众号
    扫码关注
    扫描二维码
    长按识别
    关注我们
    联系我们
    关于我们
    版权所有
    网站地图
    网站首页
    返回首页
    返回顶部
    上一篇
    下一篇
    上一页
    下一页
    友情链接
    友情连接
    热门推荐
    相关推荐
    猜你喜欢
    最新资讯
    热门搜索
    查看更多
    阅读全文
    展开全文
    登录注册
    加入收藏
    设为首页
    隐私政策
    服务条款
    客服热线
    咨询热线
    在线客服
    厂家直销
    批发价格
    优惠价格
    限时优惠
    限时抢购
    包邮
    代开发票
    办理证件
    时时彩
    北京赛车
    澳门赌场
    真人娱乐
    娱乐城
    博彩
    六合彩
    彩票计划
    棋牌游戏下载
    无抵押贷款
    信用卡套现

    """
}
