// What an owner sends to Tills and signs for his kiosks: every function of the two contracts and both statements have a sentence.
import { OWNER_ACTS } from '../kiosk/ownerRequestMessage.ts'
import { readTerms } from '../registry/marketReading.ts'
import type { FunctionCall } from './abiShape.ts'
import { coinAmount, partyAt, type SigningContext } from './contracts.ts'
import { Named } from './namedArguments.ts'
import type { Party, Sentence } from './sentence.ts'

/** Of `Tills`, which opens them, and of a Till itself. undefined for what is not as it should be. */
export function tillSentence(
  call: FunctionCall,
  contract: Party,
  context: SigningContext,
): Sentence | undefined {
  const args = new Named(call.arguments)
  const spoken = called(call, args, contract, context)
  return spoken && args.checked(spoken)
}

function called(
  call: FunctionCall,
  args: Named,
  contract: Party,
  context: SigningContext,
): Sentence | undefined {
  switch (call.name) {
    case 'open':
      return { kind: 'openTill', contract, deviceId: args.hex('deviceId') }
    case 'setProduct': {
      const terms = readTerms(call.arguments.find(({ name }) => name === 'terms')?.value)
      if (!terms || terms.token !== null) return undefined
      const { deviceId, price } = terms
      const number = args.uint('product')
      return { kind: 'setTillProduct', contract, deviceId, number, price: coinAmount(context, price) }
    }
    case 'removeProduct':
      return { kind: 'removeTillProduct', contract, number: args.uint('product') }
    case 'sweep':
      return { kind: 'sweepTill', contract, to: partyAt(context, args.hex('to')) }
    default:
      return undefined
  }
}

/** The owner's word to his kiosks; undefined for any other type, and for an act that has no words. */
export function kioskStatement(type: string, args: Named, contract: Party): Sentence | undefined {
  const deviceId = args.hex('deviceId')
  if (type === 'KioskCatalogue') {
    return args.checked({
      kind: 'kioskCatalogue',
      contract,
      deviceId,
      version: args.uint('version'),
      products: args.uint('products'),
      contentHash: args.hex('contentHash'),
    })
  }
  const act = OWNER_ACTS[Number(args.uint('act')) - 1]
  if (type !== 'KioskRequest' || act === undefined) return undefined
  return args.checked({
    kind: 'kioskRequest',
    contract,
    deviceId,
    act,
    slot: args.uint('slot'),
    stock: args.uint('stock'),
    until: args.uint('until'),
  })
}
