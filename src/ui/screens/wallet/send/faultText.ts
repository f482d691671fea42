// What is wrong with what was typed, in words.
import type { PaymentRequestFailure } from '../../../../app/wallet/wallet.ts'
import type { AmountFault } from '../../../i18n/amounts.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'

export function amountFaultText(fault: AmountFault, { send }: WalletMessages): string {
  return fault.kind === 'amountTooFine'
    ? send.faults.amountTooFine(String(fault.decimals))
    : send.faults[fault.kind]
}

export function requestFaultText(fault: PaymentRequestFailure, { send }: WalletMessages): string {
  return fault.kind === 'otherChain' ? send.faults.otherChain(String(fault.chainId)) : send.faults[fault.kind]
}
