/// Made by tools/rules from etc/keywords; do not edit.
enum BuiltInKeywords {
  static let promotion = #"""
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
    公众号
    后台回复
    回复关键词
    知识星球
    下方二维码
    微信扫码
    扫码续费
    扫码领取
    添加微信
    加群
    交流群
    优惠券
    优惠卷
    领取优惠
    专属优惠
    专属内容
    免费获取
    免费送
    免费领
    数量有限
    名额有限
    限时特价
    限时免费
    马上上调
    即将上调
    续费半价
    老用户
    点击链接
    加入方法
    加入我们
    付费专栏
    训练营
    接私活
    变现
    套路
    白嫖

    """#

  static let dated = #"""
    # Phrases that date a text: offers that have ended, events that are over ("sign up before 30 June", "本周末特价").
    # Shipped empty, because only you know what is stale for your corpus; the form is that of adult.txt. Signal:
    # datedShare. A rule over an empty list is idle: it is listed as such and hits nothing.

    """#

  static let adult = #"""
    # Phrases of pages that sell sex. One phrase a line; letters match whatever their case; a Latin phrase matches
    # where a word begins, a Chinese one anywhere. The signal adultShare is the share of the text's bytes that they
    # cover: a rule drops at a share (0.03 by default), never at a single hit, so that medicine, law and news
    # survive. Lines that start with '#' do not count. Put your own list into a folder and name it in
    # clean.keyword_folder.
    hot girls
    live sex
    sex cams
    xxx videos
    porn
    escort service
    成人影片
    成人电影
    激情视频
    情色网站
    裸聊
    约炮
    一夜情交友

    """#

  static let gambling = #"""
    # Phrases of pages that sell gambling; the form is that of adult.txt. Signal: gamblingShare.
    online casino
    casino bonus
    slot machine games
    sports betting
    free spins
    poker online
    澳门赌场
    真人娱乐
    娱乐城
    博彩
    六合彩
    时时彩
    北京赛车
    彩票计划
    棋牌游戏下载
    百家乐
    老虎机
    投注平台

    """#

  static let political = #"""
    # Phrases of political campaigns or whatever your house does not want to train on. Shipped empty: the choice is
    # yours, not ours. The form is that of adult.txt. Signal: politicalShare. A rule over an empty list is idle.

    """#
}
