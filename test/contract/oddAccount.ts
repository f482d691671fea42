// Accounts that are contracts, and receive coins in ways of their own: gladly, not at all, burning gas, or calling back.
import type { Abi, Hex } from 'viem'
import type { Address } from '../../src/core/bytes.ts'
import type { ChainClient } from '../chain.ts'
import { compileProbe } from './compileProbe.ts'
import { deployContract, type Outcome, senderFor } from './deployed.ts'
import { done } from './deviceRegistry.ts'
import { lower } from './testDevice.ts'

const moods = { glad: 0, refusing: 1, burning: 2, callingBack: 3 } as const

const abi = [
  {
    type: 'function',
    name: 'behave',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'mood', type: 'uint8' },
      { name: 'to', type: 'address' },
      { name: 'data', type: 'bytes' },
    ],
    outputs: [],
  },
  {
    type: 'function',
    name: 'execute',
    stateMutability: 'payable',
    inputs: [
      { name: 'to', type: 'address' },
      { name: 'data', type: 'bytes' },
    ],
    outputs: [],
  },
  {
    type: 'function',
    name: 'answer',
    stateMutability: 'view',
    inputs: [],
    outputs: [{ name: '', type: 'bytes4' }],
  },
] as const satisfies Abi

const source = `import {Consent} from "./lib/Consent.sol";
contract Probe {
  uint8 private mood;
  address private target;
  bytes private again;
  bytes4 public answer;
  receive() external payable {
    if (mood == 1) revert();
    if (mood == 2) while (true) {}
    if (mood == 3) {
      (bool success, bytes memory result) = target.call(again);
      answer = success ? bytes4(0xffffffff) : bytes4(result);
    }
  }
  function behave(uint8 mood_, address target_, bytes calldata again_) external {
    (mood, target, again, answer) = (mood_, target_, again_, 0);
  }
  function execute(address to, bytes calldata data) external payable {
    (bool success, bytes memory result) = to.call{value: msg.value}(data);
    if (!success) assembly { revert(add(result, 0x20), mload(result)) }
  }
}`

export interface OddAccount {
  readonly address: Address
  /** From now on. Where it calls back, `answer` is the call's error's selector, or 0xffffffff if it went through. */
  behave(mood: keyof typeof moods, to?: Address, data?: Hex): Promise<void>
  answer(): Promise<Hex>
}

/** A function that deploys one, and another that has it call a contract: its errors come back undecoded. */
export function oddAccounts(client: ChainClient, from: Address) {
  const { bytecode } = compileProbe(source, 'Consent.sol')
  return {
    async create(): Promise<OddAccount> {
      const address = lower(await deployContract(client, from, { abi, bytecode }))
      const send = senderFor(client, abi, address)
      return {
        address,
        behave: async (mood, to = address, data = '0x') => {
          done(await send(from, 'behave', [moods[mood], to, data]))
        },
        answer: () => client.readContract({ address, abi, functionName: 'answer' }),
      }
    },
    execute: (account: OddAccount, to: Address, data: Hex, value = 0n): Promise<Outcome> =>
      senderFor(client, abi, account.address)(from, 'execute', [to, data], undefined, value),
  }
}
