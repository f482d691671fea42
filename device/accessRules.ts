// What a paired device answers to anybody in reach of its radio. Everything that is not listed here needs a session.
import { FobCommand } from '../src/core/smp/fob.ts'
import { ImageCommand } from '../src/core/smp/image.ts'
import { SmpGroup, type SmpMessage, SmpOp } from '../src/core/smp/message.ts'
import { OsCommand } from '../src/core/smp/os.ts'

/** `group/command/op`. Fob's own commands carry their authorisation themselves. */
const OPEN_TO_ALL: ReadonlySet<string> = new Set(
  [
    [SmpGroup.os, OsCommand.echo, SmpOp.read],
    [SmpGroup.os, OsCommand.echo, SmpOp.write],
    [SmpGroup.os, OsCommand.params, SmpOp.read],
    [SmpGroup.os, OsCommand.info, SmpOp.read],
    [SmpGroup.os, OsCommand.bootloaderInfo, SmpOp.read],
    [SmpGroup.image, ImageCommand.state, SmpOp.read],
    [SmpGroup.image, ImageCommand.slotInfo, SmpOp.read],
    [SmpGroup.fob, FobCommand.identity, SmpOp.read],
    [SmpGroup.fob, FobCommand.ownership, SmpOp.read],
    [SmpGroup.fob, FobCommand.pairing, SmpOp.read],
    [SmpGroup.fob, FobCommand.pairing, SmpOp.write],
    [SmpGroup.fob, FobCommand.ownerKey, SmpOp.write],
    [SmpGroup.fob, FobCommand.config, SmpOp.read],
    [SmpGroup.fob, FobCommand.config, SmpOp.write],
    [SmpGroup.fob, FobCommand.challenge, SmpOp.read],
    [SmpGroup.fob, FobCommand.open, SmpOp.write],
    [SmpGroup.fob, FobCommand.managed, SmpOp.write],
    [SmpGroup.fob, FobCommand.time, SmpOp.read],
    [SmpGroup.fob, FobCommand.time, SmpOp.write],
    // Whoever knows an order's id may know what became of it.
    [SmpGroup.fob, FobCommand.vend, SmpOp.read],
  ].map(entry => entry.join('/')),
)

/** What a session for vending adds: of Fob's own group what it offers there, and nothing that manages the device. */
export const isOpenInVending = (request: SmpMessage): boolean =>
  request.group === SmpGroup.fob || isOpenToAll(request)

export const isOpenToAll = ({ group, command, op }: SmpMessage): boolean =>
  OPEN_TO_ALL.has([group, command, op].join('/'))
