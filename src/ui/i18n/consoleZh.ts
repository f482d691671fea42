// 中文：设备控制台。
import type { ConsoleMessages } from './consoleEn.ts'

export const consoleZh: ConsoleMessages = {
  title: '控制台',
  intro: '向设备提出的标准问题，供维护人员使用。回答使用协议自身的用语。',
  connecting: '正在连接',
  gone: '连接已断开',
  goneBody: '下面保留已问过的内容。要继续提问，请重新连接。',
  connectAgain: '重新连接',
  ask: '提问',
  commands: {
    info: '系统',
    bootloader: '引导程序',
    images: '镜像',
    slots: '槽',
    params: '缓冲区',
    tasks: '任务',
    pools: '内存',
    echo: '回显',
    erase: '擦除备用槽',
    restart: '重启',
  },
  echoText: '要求设备发回的文字',
  change: '更改',
  log: '记录',
  logEmpty: '还没有提过问题。',
  nothing: '无',
  save: '保存记录',
  eraseTitle: '擦除备用槽？',
  eraseBody: '其中已发送但尚未启动的固件将丢失。正在运行的固件不受影响；槽在使用中时设备会拒绝。',
  restartTitle: '重启设备？',
  restartBody: '设备会有几秒钟无法连接。试运行中的固件会退回之前的版本。',
}
