// 简体中文：为什么某个发布不能安装。
import type { Messages } from '../en.ts'

export const blocked: Messages['blocked'] = {
  unknownModel: {
    title: '型号未知',
    meaning: '不知道型号，Fob 就无法判断哪种固件属于此设备。',
    next: '请根据设备上的标签自行选择型号。',
  },
  notRegistered: {
    title: '厂商没有注册此型号',
    meaning: '注册表中没有它的条目，这一点也经过核实。该厂商的正品设备应当有。',
    next: '请询问厂商。在弄清之前不要信任此设备。',
  },
  noRelease: {
    title: '还没有发布',
    meaning: '型号已注册，但此频道是空的。',
    next: '请在设置中换一个频道，或稍后再来。',
  },
  revoked: {
    title: '最新发布已被撤回',
    meaning: '厂商已将其撤回，所以 Fob 不会安装。',
    next: '请等待下一次发布再检查。',
  },
  wrongHardware: {
    title: '此发布适用于其他硬件',
    meaning: '设备的硬件版本与此固件的目标不同。',
    next: '请核对所选型号，或向厂商索取适用于此硬件的发布。',
  },
  downgradeVersion: {
    title: '设备运行的版本更新',
    meaning: '此发布比正在运行的更旧。退回可能带回旧的缺陷。',
    next: '无需处理。如果您没有安装过更新的版本，请询问厂商。',
  },
  downgradeCounter: {
    title: '安全计数器过低',
    meaning: '设备会拒绝此镜像：它早于一次安全修复。',
    next: '请等待更新的发布。',
  },
  expiredHead: {
    title: '发布声明已过期',
    meaning: '厂商没有按时续期，可能有更新的发布被隐藏了。',
    next: '请稍后再检查。如果一直如此，请询问厂商。',
  },
  unsigned: {
    title: '镜像没有签名',
    meaning: '此发布没有给出签名密钥，无法得知由谁构建。',
    next: '请向厂商索取已签名的发布。',
  },
  tooLargeForSlot: {
    title: '镜像太大',
    meaning: '设备的备用槽放不下。',
    next: '请核对所选型号，或询问厂商。',
  },
  rolledBackHead: {
    title: '注册表倒退了',
    meaning: 'Fob 曾证明过比现在所见更新的发布。可能有人在隐藏它。',
    next: '请更换端点或所用网络，再检查一次。',
  },
  wrongBootMode: {
    title: '此发布与引导程序不符',
    meaning:
      '有些引导程序在原处运行固件，每个槽需要各自的构建；其他的只需要一个构建。此发布是另一种，或设备没有说明它需要哪一种。',
    next: '请向厂商索取适用于此设备引导程序的发布。',
  },
  versionNotHigher: {
    title: '引导程序不会启动它',
    meaning: '它启动两个镜像中版本较高的一个，并忽略构建号。此发布的版本不高于正在运行的版本。',
    next: '请等待版本更高的发布。',
  },
  singleSlot: {
    title: '设备只能容纳一份固件',
    meaning: '正在运行的固件无法替换自身，设备也没有可以代劳的加载程序。',
    next: '请询问厂商如何更新此设备，通常是用数据线。',
  },
}
