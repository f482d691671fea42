// What a person should be told before they sign: look-alike addresses, endless allowances, payments to nobody.
import type { Address } from '../bytes.ts'
import { findLookAlike } from './address.ts'
import { findContract, findToken, NOBODY, type SigningContext } from './contracts.ts'
import type { Sentence, Warning } from './sentence.ts'

export function warningsOf(sentence: Sentence, context: SigningContext): readonly Warning[] {
  const warnings: Warning[] = []
  for (const address of addressesIn(sentence)) {
    const found = findContract(context, address) || findToken(context, address)
    const lookAlike = found ? undefined : findLookAlike(address, context.knownAddresses)
    if (lookAlike) warnings.push({ kind: 'lookAlike', address, ...lookAlike })
  }
  if ('isUnlimited' in sentence && sentence.isUnlimited) warnings.push({ kind: 'unlimitedApproval' })
  if (sentence.kind === 'transfer' || sentence.kind === 'tokenTransfer') {
    const { address } = sentence.to
    if (address === NOBODY || findToken(context, address)) warnings.push({ kind: 'paysNobody', address })
  }
  if ('deadline' in sentence && sentence.deadline < BigInt(context.now)) {
    warnings.push({ kind: 'deadlinePassed' })
  }
  return warnings
}

/** Everybody who gets something by the signature. */
function addressesIn(sentence: Sentence): readonly Address[] {
  switch (sentence.kind) {
    case 'transfer':
    case 'tokenTransfer':
    case 'unknownCall':
    case 'sweepTill':
      return [sentence.to.address]
    case 'tokenApproval':
    case 'tokenPermit':
      return [sentence.spender.address]
    case 'claimDevice':
      return [sentence.account]
    case 'handOverDevice':
    case 'handOverGiven':
    case 'handOverAccepted':
      return [sentence.newOwner, sentence.newAccount]
    case 'setDeviceUser':
      return [sentence.user]
    case 'createModel':
      return [sentence.releaseKey, sentence.guardian]
    case 'changeModelKey':
      return sentence.key === null ? [] : [sentence.key]
    default:
      return []
  }
}
