// DAG-PB, the block format of UnixFS nodes: https://ipld.io/specs/codecs/dag-pb/spec/
import { type Bytes, concat } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { bytesField, ProtobufError, readFields, varintField } from './protobuf.ts'

interface PbLink {
  /** Binary CID. */
  readonly hash: Uint8Array
  readonly name: Uint8Array | null
  /** Cumulative size of the linked graph in bytes, as the writer claims. */
  readonly tsize: number | null
}

export interface PbNode {
  readonly links: readonly PbLink[]
  readonly data: Uint8Array | null
}

export interface MalformedNode {
  readonly kind: 'malformedNode'
  readonly detail: string
}

const LINK = { hash: 1, name: 2, tsize: 3 } as const
const NODE = { data: 1, links: 2 } as const

/** Decodes one PBNode. Unknown fields, repeated fields and links apart from each other are refused, as the codec says. */
export function decodeDagPb(bytes: Uint8Array): Result<PbNode, MalformedNode> {
  try {
    const links: PbLink[] = []
    let data: Uint8Array | null = null
    let dataFollowedLinks = false
    for (const field of readFields(bytes)) {
      if (field.wire !== 'bytes') return malformed(`PBNode field ${field.number} is not length-delimited`)
      if (field.number === NODE.links) {
        if (dataFollowedLinks) return malformed('links before and after the data')
        links.push(decodeLink(field.value))
      } else if (field.number === NODE.data) {
        if (data !== null) return malformed('data twice')
        data = field.value
        dataFollowedLinks = links.length > 0
      } else return malformed(`PBNode field ${field.number}`)
    }
    return ok({ links, data })
  } catch (error) {
    if (error instanceof ProtobufError) return malformed(error.message)
    throw error
  }
}

function decodeLink(bytes: Uint8Array): PbLink {
  let hash: Uint8Array | null = null
  let name: Uint8Array | null = null
  let tsize: number | null = null
  for (const field of readFields(bytes)) {
    if (field.number === LINK.hash && field.wire === 'bytes' && hash === null) hash = field.value
    else if (field.number === LINK.name && field.wire === 'bytes' && name === null) name = field.value
    else if (field.number === LINK.tsize && field.wire === 'varint' && tsize === null) tsize = field.value
    else throw new ProtobufError(`PBLink field ${field.number} (${field.wire})`)
  }
  if (hash === null) throw new ProtobufError('PBLink without a hash')
  return { hash, name, tsize }
}

const malformed = (detail: string) => fail<MalformedNode>({ kind: 'malformedNode', detail })

/** The canonical form: links in the given order, then the data. */
export function encodeDagPb(node: PbNode): Bytes {
  return concat(
    ...node.links.map(link =>
      bytesField(
        NODE.links,
        concat(
          bytesField(LINK.hash, link.hash),
          ...(link.name === null ? [] : [bytesField(LINK.name, link.name)]),
          ...(link.tsize === null ? [] : [varintField(LINK.tsize, link.tsize)]),
        ),
      ),
    ),
    ...(node.data === null ? [] : [bytesField(NODE.data, node.data)]),
  )
}
