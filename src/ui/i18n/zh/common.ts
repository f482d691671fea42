// 简体中文：多个页面共用的文字、框架与提示。
import type { Messages } from '../en.ts'

export const common: Messages['common'] = {
  appName: 'Fob',
  back: '返回',
  close: '关闭',
  cancel: '取消',
  done: '完成',
  save: '保存',
  retry: '重试',
  reload: '重新加载',
  loading: '正在加载',
  copy: '复制',
  copied: '已复制',
  copyValue: name => `复制${name}`,
  technicalDetail: '技术细节',
  unknown: '未知',
  none: '无',
  skipToContent: '跳到正文',
  navigation: '主导航',
  actions: '操作',
  nav: { devices: '设备', keys: '钥匙', wallet: '钱包', makers: '厂商', releases: '发布', settings: '设置' },
  versionChange: (from, to) => `从 ${from} 到 ${to}`,
  hardware: revision => `硬件 ${revision}`,
  checkedAgo: age => `${age}检查`,
}

export const notices: Messages['notices'] = {
  offline: '没有网络连接',
  offlineNever: '这部手机上还没有验证过任何内容，联网后才有可显示的结果。',
  offlineSince: age => `您看到的是${age}最后一次验证的结果。已保存的固件仍然可以安装。`,
  radioOff: '蓝牙已关闭',
  radioOffBody: '请在系统设置中打开蓝牙，才能连接设备。',
  radioUnsupported: '此浏览器无法连接蓝牙设备',
  radioUnsupportedBody:
    '演示设备和发布记录在这里可用。要连接真实设备，请换用其他浏览器，或使用设备附近的网关。',
  radioUnsupportedLink: '哪些浏览器可用',
  networkChanged: '网络文件已更改',
  networkChangedBody: '本站现在给出的链、注册表或端点与您最初使用的不同。在您决定之前，Fob 继续使用原来的。',
  networkChangedLink: '比较',
  networkMissing: '没有网络文件',
  networkMissingBody: 'Fob 无法得知应使用哪条链和哪些端点。请联网一次，之后即可离线使用。',
  appUpdate: 'Fob 有新版本',
  appUpdateAction: '重启 Fob',
}

export const storeProblems: Messages['storeProblems'] = {
  storeBlocked: {
    title: '仍有旧版 Fob 打开着',
    body: '请关闭 Fob 的其他标签页，在此之前不会保存新内容。',
  },
  storeOutdated: {
    title: '较新的 Fob 已接管',
    body: '请重新加载本页，在此之前这里不会保存新内容。',
  },
  storeUnavailable: {
    title: 'Fob 在此无法使用其存储',
    body: '已保存的内容可能不会显示，但不会被替换；新内容也不会保留。请重新加载再试。',
  },
  recordDropped: {
    title: '有一条保存的记录已损坏',
    body: '它已被删除。相关内容可以随时重新添加或读取。',
  },
  recordUnreadable: {
    title: '钱包的一条记录无法读取',
    body: '它保持原样，不会显示。较新的 Fob 也许能读取；链上的资金不受影响。',
  },
  storageFull: {
    title: '这部手机的存储空间已满',
    body: 'Fob 继续工作，但不再记住新内容。请腾出空间或删除已保存的固件。',
  },
  other: {
    title: 'Fob 现在无法保存内容',
    body: '它继续工作，但关闭本页后可能会忘记所获知的内容。',
  },
}

export const failureUi: Messages['failureUi'] = {
  whatToDo: '怎么办',
  fallback: {
    title: '有一步没有成功',
    meaning: '凡是无法核实的事，Fob 都不会去做，所以它停下了。',
    next: '请重试。如果再次发生，请把下面的技术细节告诉我们。',
  },
}

export const notFound: Messages['notFound'] = {
  title: '这里什么也没有',
  body: '地址有误，或者它指向的内容已从此浏览器中删除。',
  action: '查看您的设备',
}

export const crash: Messages['crash'] = {
  title: 'Fob 自身出了故障',
  body: '您的设备不受影响：更新只有在重新读取设备之后才算结束，进行中的更新可以继续。',
}

export const evidence: Messages['evidence'] = {
  title: '如何验证',
  titleUnproven: '为什么没有证明',
  open: '如何验证',
  openUnproven: '为什么没有证明',
  provenShort: (agreed, total, age) => `${age}由 ${agreed}/${total} 个端点证明`,
  unprovenShort: (agreed, total, age) => `未经证明：${agreed}/${total} 个端点，${age}`,
  provedBy: (agreed, total, age) => `${age}，${agreed}/${total} 个端点给出证明`,
  block: number => `区块 ${number}`,
  explainProven:
    '每个端点都给出了区块头和存储证明。Fob 在这部手机上重新计算了两者：注册表中的条目确实属于各端点一致认可的区块。没有轻信任何一个端点。',
  explainUnproven: {
    oneEndpoint: '只有一个端点应答。单独一个端点可能给出过时或虚构的条目，所以 Fob 不称之为已证明。',
    noProofs: '有端点只给数值、不给证明。Fob 能读取，但无法核实。',
    endpointLied: '有端点给出了伪造的区块头或证明，已被排除。剩下的诚实端点太少，无法相互印证。',
    stale:
      '按本机时钟，各端点一致认可的最新区块太旧。更新的内容（例如撤回）可能缺失。如果本机的日期和时间不对，请校准后重新检查。',
    clockBehind:
      '最新区块的时间晚于本机的日期和时间：本机时钟慢了。时间不对，Fob 就无法判断任何内容有多旧。请校准时钟后重新检查。',
  },
  verdicts: '端点',
  verdict: {
    agreed: '一致，证明已核实',
    unreachable: '没有应答',
    wrongChain: '在另一条链上',
    badHeader: '区块头是伪造的',
    badProof: '证明是伪造的',
    noProofs: '拒绝提供证明',
    disagreed: '与其他端点矛盾',
  },
  blockNumber: '区块',
  blockHash: '区块哈希',
  blockTime: '区块时间',
  verifiedAt: '本机核实时间',
  registry: '注册表',
  chain: '链',
  manifestHash: '清单哈希',
  imageHash: '镜像哈希',
  fileHash: '文件哈希',
  keyHash: '签名密钥哈希',
  explorer: '在区块浏览器中查看',
}
