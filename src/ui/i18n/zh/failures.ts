// 简体中文：每种失败——发生了什么、对设备意味着什么、接下来怎么办。
import type { Messages } from '../en.ts'

export const failures: Messages['failures'] = {
  chainUnreachable: {
    title: '没有端点应答',
    meaning: '没有链上记录，Fob 无法判断此固件是否最新。',
    next: '请检查网络后重试。上次证明的状态仍会显示。',
  },
  chainDisagrees: {
    title: '端点之间相互矛盾',
    meaning: '至少有一个给出了错误内容，但无法判断是哪一个。Fob 一个也不相信。',
    next: '请过一分钟再试。如果一直如此，请查看网络设置中的端点。',
  },
  wrongChain: {
    title: '端点在另一条链上',
    meaning: '它们应答的链不是本网络指定的链。',
    next: '请查看网络设置中的端点。',
  },
  manifestMissing: {
    title: '缺少发布的说明文件',
    meaning: '最新发布已得到证明，但没有端点给出与之对应的内容。',
    next: '请稍后再试，或添加一个保存事件的端点。',
  },
  networkVersionUnknown: {
    title: '网络文件太新',
    meaning: '它是为比当前更新的 Fob 制作的。',
    next: '请重新加载页面，以获取最新的 Fob。',
  },
  networkMalformed: {
    title: '无法读取网络文件',
    meaning: '它不是 Fob 所期望的格式，其中的内容都不会被使用。',
    next: '请告知本站的运营者。',
  },
  networkMissing: {
    title: '还没有网络文件',
    meaning: 'Fob 不知道该询问哪条链，因此无法检查。',
    next: '请联网一次，之后 Fob 即可离线使用。',
  },
  chooserCancelled: {
    title: '没有选择设备',
    meaning: '列表已关闭，什么也没有改变。',
    next: '请重新打开。如果看不到设备，请唤醒它并拿近。',
  },
  radioUnsupported: {
    title: '此浏览器没有蓝牙功能',
    meaning: '此浏览器不允许网页连接蓝牙设备。',
    next: '请在 Android、Windows、macOS 或 Linux 上使用 Chrome 或 Edge，或使用设备附近的网关。',
  },
  radioOff: {
    title: '蓝牙已关闭',
    meaning: '手机无法连接任何设备。',
    next: '请打开蓝牙后重试。',
  },
  chooserRefused: {
    title: '浏览器拒绝打开设备列表',
    meaning: '蓝牙可能被本站设置或策略禁止。',
    next: '请在浏览器设置中允许本站使用蓝牙。',
  },
  mustChooseAgain: {
    title: '浏览器要求重新选择',
    meaning: '对此设备的许可已失效，或浏览器不保留许可。什么也没有丢失。',
    next: '请在浏览器的列表中重新选择设备。',
  },
  outOfReach: {
    title: '设备不在范围内',
    meaning: '它没有应答。可能太远、在休眠，或已连接到其他手机。',
    next: '请靠近、唤醒它、关闭正在使用它的其他应用，然后重试。',
  },
  gatewayUnreachable: {
    title: '连不上网关',
    meaning: '它的地址都没有应答。网关可能关机了，或者与这部手机不在同一个网络。',
    next: '请确认网关主机在运行并已联网。如果地址变了，请重新添加它的代码。',
  },
  gatewayKeyWrong: {
    title: '网关不认识这把钥匙',
    meaning: '网关没有错，但它的钥匙已经换新。没有向设备发送任何内容。',
    next: '请向网关的管理者索取现在的代码，再添加一次。',
  },
  gatewayFull: {
    title: '网关已满',
    meaning: '它正在服务的手机数量已达上限。',
    next: '请过几分钟再试。',
  },
  gatewayRadioOff: {
    title: '网关的蓝牙已关闭',
    meaning: '网关有应答，但它所在的主机连不到任何设备。',
    next: '请网关的管理者打开蓝牙，然后再试。',
  },
  deviceTaken: {
    title: '有人正在使用这台设备',
    meaning: '另一部手机或浏览器正与它连接。',
    next: '请等它空闲后再试。',
  },
  cableBusy: {
    title: '打不开数据线的端口',
    meaning: '另一个程序或标签页正在使用它，或者数据线已被拔下。',
    next: '请关闭占用它的程序（串口监视器、其他标签页），检查数据线，然后再试。',
  },
  notSmp: {
    title: '此设备不能这样更新',
    meaning: '它不提供标准的更新服务（MCUmgr/SMP）。',
    next: '请确认选对了设备。有些设备只在维护模式下提供。',
  },
  blockedUpdater: {
    title: '浏览器不允许更新此设备',
    meaning: '它看起来使用较旧的 Nordic 或 TI 更新程序。它们接受任何人的任何固件，所以被浏览器屏蔽。',
    next: '请使用厂商自己的应用。',
  },
  pairingRequired: {
    title: '设备要求配对',
    meaning: '它只与已配对的手机通信，而系统的请求被拒绝了。',
    next: '请重试并接受系统提示，或先在蓝牙设置中配对。',
  },
  linkLost: {
    title: '连接中断',
    meaning: '手机收不到设备的信号了。没有任何损坏。',
    next: '请靠近后重试，会从停下的地方继续。',
  },
  timeout: {
    title: '设备没有及时应答',
    meaning: '它可能正忙、在休眠，或快要超出范围。',
    next: '请靠近后重试。',
  },
  malformed: {
    title: '设备的应答不合规则',
    meaning: '它违反了协议，所以 Fob 停下而不去猜测。',
    next: '请重启设备后重试。如果再次发生，请告知厂商。',
  },
  deviceError: {
    title: '设备拒绝了',
    meaning: '它听懂了，但不同意。原因见技术细节。',
    next: '请重启设备后重试。',
  },
  slotHoldsPending: {
    title: '另一个镜像正等待启动',
    meaning: '有人在空闲槽中放入了下次重启时启动的固件。Fob 没有检查过它，设备为它保留着这个槽。',
    next: '如果您知道它的来源，请重启设备后重新检查；否则请先询问管理此设备的人。',
  },
  runningOnTrial: {
    title: '正在运行的版本仍在试用',
    meaning: '设备在另一个槽中保留着之前的版本以便退回，在此之前不接受新版本。',
    next: '请重启设备，它会退回之前的版本，然后再次更新。',
  },
  unexpected: {
    title: '设备答非所问',
    meaning: '应答与提问不符，所以 Fob 停下了。',
    next: '请重启设备后重试。',
  },
  cancelled: {
    title: '已停止',
    meaning: '在完成之前被停止。',
    next: '您可以随时重新开始。',
  },
  batteryTooLow: {
    title: '设备电量过低',
    meaning: '更新中途断电对谁都没有好处。尚未擦除任何内容。',
    next: '请给设备充电或更换电池，然后继续。电量下限可在设置中更改。',
  },
  deviceBufferTooSmall: {
    title: '设备的缓冲区太小',
    meaning: '它连更新的第一个数据包都放不下。',
    next: '请告知厂商：此设备无法通过蓝牙更新。',
  },
  uploadStalled: {
    title: '传输停滞不前',
    meaning: '设备有应答，但不再接收固件。',
    next: '请重启设备后重试，会从停下的地方继续。',
  },
  badUploadOffset: {
    title: '设备自相矛盾',
    meaning: '它声称收到的比发送的还多，所以 Fob 停下了。',
    next: '请重启设备后重试。',
  },
  storedFileDiffers: {
    title: '设备存下的内容不同',
    meaning: '设备自己算出的哈希与发送的不符。它没有被启动。',
    next: '请重试。如果再次发生，设备的闪存可能已老化。',
  },
  sentBytesDiffer: {
    title: '文件在手机内存中被改变',
    meaning: '它已不是核实过的内容，所以最后一个数据包没有发送，也没有启动任何内容。',
    next: '请关闭其他页面后重试。如果再次发生，请换一部手机。',
  },
  noRunningImage: {
    title: '设备没有说明正在运行什么',
    meaning: '没有运行镜像的版本和哈希，就无法比较。',
    next: '请重启设备后重试。如果再次发生，请告知厂商。',
  },
  identitySignatureInvalid: {
    title: '设备无法证明自己的身份',
    meaning: '它的签名与密钥不符，可能是仿冒品。',
    next: '请不要依赖它，并询问卖家。',
  },
  identityMalformed: {
    title: '无法读取设备的身份',
    meaning: '它的应答是 Fob 不认识的格式。',
    next: '请重启后重试。如果再次发生，请告知厂商。',
  },
  identityForOtherNetwork: {
    title: '设备属于另一个网络',
    meaning: '它给出的链或注册表与本网络不同。仿冒品也会这样做。',
    next: '请从设备厂商指定的网站打开 Fob。',
  },
  makerNotPinned: {
    title: '它的厂商尚未受信任',
    meaning: '设备说出了厂商，但您还没有表示信任。',
    next: '请先信任厂商，再检查一次。',
  },
  unknownModel: {
    title: '型号未知',
    meaning: '设备没有说明自己是什么，它的固件 Fob 也不认识。',
    next: '请根据设备上的标签自行选择型号。',
  },
  firmwareUnavailable: {
    title: '无法下载固件',
    meaning: '没有节点或网关提供它。设备没有被改动。',
    next: '请检查网络后重试。厂商的种子节点可能暂时离线。',
  },
  firmwareTooLarge: {
    title: '收到的数据比声明的多',
    meaning: '某个来源发送的超过了发布所述。已停止，什么也没有保留。',
    next: '请重试，将使用其他来源。',
  },
  storageFull: {
    title: '这部手机空间不足',
    meaning: '文件放不下，所以没有开始下载。',
    next: '请在设置中删除已保存的固件，或腾出空间。',
  },
  fetchCancelled: {
    title: '下载已停止',
    meaning: '已收到的部分经过核实并保留。',
    next: '您可以随时继续。',
  },
  wrongSize: {
    title: '文件大小不对',
    meaning: '这不是厂商发布的文件。写入之前已被丢弃。',
    next: '请重试。如果再次发生，请告知厂商。',
  },
  wrongFileHash: {
    title: '文件不是所发布的那个',
    meaning: '它的哈希与链上的不同。写入之前已被丢弃。',
    next: '请重试。如果再次发生，请告知厂商。',
  },
  malformedImage: {
    title: '文件不是固件镜像',
    meaning: '它的结构已损坏。写入之前已被丢弃。',
    next: '请告知厂商：此发布无法安装。',
  },
  wrongImageHash: {
    title: '镜像自身的哈希不对',
    meaning: '设备将要检查的内容与发布不符。没有写入任何内容。',
    next: '请告知厂商：此发布自相矛盾。',
  },
  wrongVersion: {
    title: '镜像是另一个版本',
    meaning: '发布写的是一个版本，文件是另一个。没有写入任何内容。',
    next: '请告知厂商：此发布自相矛盾。',
  },
  wrongSecurityCounter: {
    title: '镜像的安全计数器不同',
    meaning: '发布与文件相互矛盾。没有写入任何内容。',
    next: '请告知厂商：此发布自相矛盾。',
  },
  wrongKey: {
    title: '镜像由另一个密钥签名',
    meaning: '不是发布中指定的密钥。没有写入任何内容。',
    next: '也不要从别处安装它，并请告知厂商。',
  },
  unsigned: {
    title: '镜像没有签名',
    meaning: '无法得知由谁构建。没有写入任何内容。',
    next: '请向厂商索取已签名的发布。',
  },
  wrongHardware: {
    title: '镜像适用于其他硬件',
    meaning: '它是为另一种硬件版本构建的。没有写入任何内容。',
    next: '请核对所选型号，或询问厂商。',
  },
  tooLargeForSlot: {
    title: '镜像对此设备太大',
    meaning: '备用槽放不下。没有写入任何内容。',
    next: '请核对所选型号，或询问厂商。',
  },
  wrongFormat: {
    title: '文件适用于另一种更新程序',
    meaning: '此设备使用另一种格式的文件。没有写入任何内容。',
    next: '请核对所选型号，或询问厂商。',
  },
  bootloaderNewer: {
    title: '引导程序拒绝退回旧版本',
    meaning: '它运行过比这更新的版本。没有替换任何内容。',
    next: '请向厂商索取更新的发布。',
  },
  bootloaderOtherHardware: {
    title: '引导程序表示：硬件不符',
    meaning: '文件适用于另一种硬件或无线协议栈。没有替换任何内容。',
    next: '请核对所选型号，或询问厂商。',
  },
  bootloaderDistrusts: {
    title: '引导程序不信任此文件',
    meaning: '它认可的是另一个签名密钥，或文件自身的哈希有误。没有替换任何内容。',
    next: '请询问厂商：设备与发布不匹配。',
  },
  updaterRefused: {
    title: '设备的更新程序拒绝了',
    meaning: '它听懂了，但不同意。原因见技术详情。',
    next: '请重启设备后再试。',
  },
  notStarted: {
    title: '新固件没有启动',
    meaning: '引导程序收下了它，正在等待。设备可以再次更新。',
    next: '请再试一次。如果再次发生，请告知厂商。',
  },
  loaderNotEntered: {
    title: '设备没有启动加载程序',
    meaning: '它的固件只能由加载程序替换，而它回来时没有进入加载程序。没有写入任何内容。',
    next: '请在说明书中找到启动加载程序的按钮，按住它再试一次。',
  },
  notReadBack: {
    title: '它的固件不说明自己是什么',
    meaning: '引导程序收下了文件，应用程序已重新运行。但无法从此设备读回运行的是哪一个。',
    next: '请重新检查设备。',
  },
  wrongBootMode: {
    title: '此发布与引导程序不符',
    meaning: '没有适用于备用槽的构建，或构建的种类不符。没有写入任何内容。',
    next: '请重新检查设备，或询问厂商。',
  },
  refused: {
    title: '此更新被拒绝',
    meaning: '写入之前有一项检查没有通过。',
    next: '请重新检查设备。',
  },
  reverted: {
    title: '新固件没有保留下来',
    meaning: '设备试过之后自动退回了旧固件，这是它的安全保护。',
    next: '可以再试一次。如果再次发生，请保留旧版本并告知厂商。',
  },
  deviceChanged: {
    title: '应答的是另一台设备',
    meaning: '它不是开始更新时的那台，所以没有继续发送。',
    next: '请把原来的设备拿近，关闭另一台，然后继续。',
  },
  slotMismatch: {
    title: '设备存下的内容不同',
    meaning: '备用槽中的内容不是所发送的。它没有被启动。',
    next: '请继续以重新发送。如果再次发生，设备的闪存可能已老化。',
  },
  notConfirmed: {
    title: '设备没有确认新固件',
    meaning: '它正在试运行：下次重启时会退回旧固件。',
    next: '请继续以再次确认。',
  },
  restartIgnored: {
    title: '设备没有重启',
    meaning: '新固件已在设备中，设备也确认了重启命令，但仍在运行旧固件。',
    next: '请将设备断电再通电，然后继续。',
  },
  deviceManaged: {
    title: '更新由它的主人决定',
    meaning: '设备有主人，只接受主人的固件。什么都没有发送。',
    next: '它的主人，或持有管理钥匙的技术员可以更新它。',
  },
  walletLocked: {
    title: '请先解锁钱包',
    meaning: '设备归您，它在接受固件前要您的密钥。',
    next: '解锁钱包后继续。',
  },
  busyElsewhere: {
    title: '另一个标签页正在使用此设备',
    meaning: '同一时间只能有一个与它通信。',
    next: '请转到另一个标签页，或关闭它。',
  },
  nothingToWrite: {
    title: '没有可写入的内容',
    meaning: '设备已在运行注册表似乎给出的版本。由于无法证明，Fob 不会说“已是最新”。',
    next: '请在有更多端点应答时重新检查。',
  },
  deviceForgotten: {
    title: '设备在此期间被忘记了',
    meaning: '更新过程中它被从此浏览器中删除。',
    next: '请重新添加：已发送的内容仍在设备上。',
  },
  unexpectedError: {
    title: 'Fob 自身出了故障',
    meaning: '它停在了原处，不再写入任何内容。',
    next: '请继续。如果再次发生，请把技术细节告诉我们。',
  },
  malformedPin: {
    title: '这不是厂商的代码',
    meaning: '其中没有信任厂商所需的内容。',
    next: '请确认扫描的是 Fob 的二维码，而不是盒子上的其他码。',
  },
  pinUnreachable: {
    title: '那里没有厂商文件',
    meaning: '网站没有应答，或没有给 Fob 的文件。',
    next: '请检查拼写，或使用印刷码。',
  },
  badDomain: {
    title: '这不是网站的名称',
    meaning: '只需要名称，不要 https://，也不要路径。',
    next: '请写成 acme.example 这样。',
  },
  pinForOtherNetwork: {
    title: '此厂商在另一个网络上',
    meaning: '它的发布在另一条链或注册表上，本应用不读取。',
    next: '请从厂商指定的网站打开 Fob。',
  },
}
