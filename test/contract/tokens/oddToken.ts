// ERC-20 tokens that are not as one would like them: without an answer, with a fee, refusing, lying, or calling back.
import { type Abi, erc20Abi, type Hex } from 'viem'
import type { Address } from '../../../src/core/bytes.ts'
import type { ChainClient } from '../../chain.ts'
import { compileProbe } from '../compileProbe.ts'
import { deployContract, senderFor } from '../deployed.ts'
import { done } from '../deviceRegistry.ts'
import { lower } from '../testDevice.ts'

interface Kind {
  /** Solidity: the type of a move's answer; empty for none. */
  readonly returns?: string
  /** Solidity: how a move ends. `to` and `amount` are its own; `isBroken` is what `breakUp` has set. */
  readonly rest?: string
  /** What is lost on the way. */
  readonly fee?: number
}

export interface OddToken {
  readonly address: Address
  heldBy(account: { readonly address: Address }): Promise<bigint>
  /** From now on `isBroken` is true. */
  breakUp(): Promise<void>
  /** At each move that somebody else asks for, calls that; the answer's first four bytes are kept in `answer`. */
  callBack(to: Address, data: Hex): Promise<void>
  answer(): Promise<Hex>
}

const ownAbi = [
  {
    type: 'function',
    name: 'mint',
    stateMutability: 'nonpayable',
    inputs: [{ name: 'to', type: 'address' }],
    outputs: [],
  },
  { type: 'function', name: 'breakUp', stateMutability: 'nonpayable', inputs: [], outputs: [] },
  {
    type: 'function',
    name: 'callBack',
    stateMutability: 'nonpayable',
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

/** `holder` has 10,000 of it, and `spender` may take all of that. */
export async function deployOddToken(
  client: ChainClient,
  holder: { readonly address: Address },
  spender: { readonly address: Address },
  { returns = 'bool', rest = 'return true;', fee = 0 }: Kind = {},
): Promise<OddToken> {
  const { abi, bytecode } = compileProbe(
    `import {Consent} from "./lib/Consent.sol";
    contract Probe {
      mapping(address => uint256) public balanceOf;
      mapping(address => mapping(address => uint256)) public allowance;
      bool private isBroken;
      address private target;
      bytes private again;
      bytes4 public answer;
      function mint(address to) external { balanceOf[to] += 10_000; }
      function approve(address spender, uint256 amount) external { allowance[msg.sender][spender] = amount; }
      function breakUp() external { isBroken = true; }
      function callBack(address to, bytes calldata data) external { (target, again) = (to, data); }
      function move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount - ${fee};
        if (again.length > 0) {
          (, bytes memory result) = target.call(again);
          if (result.length >= 4) answer = bytes4(result);
        }
      }
      function transfer(address to, uint256 amount) external ${returns && `returns (${returns})`} {
        move(msg.sender, to, amount);
        ${rest}
      }
      function transferFrom(address from, address to, uint256 amount) external ${returns && `returns (${returns})`} {
        allowance[from][msg.sender] -= amount;
        move(from, to, amount);
        ${rest}
      }
    }`,
    'Consent.sol',
  )
  const address = lower(await deployContract(client, holder.address, { abi, bytecode }))
  const send = senderFor(client, ownAbi, address)
  done(await send(holder.address, 'mint', [holder.address]))
  done(await senderFor(client, erc20Abi, address)(holder.address, 'approve', [spender.address, 10_000n]))
  return {
    address,
    heldBy: account =>
      client.readContract({ address, abi: erc20Abi, functionName: 'balanceOf', args: [account.address] }),
    breakUp: async () => {
      done(await send(holder.address, 'breakUp', []))
    },
    callBack: async (to, data) => {
      done(await send(holder.address, 'callBack', [to, data]))
    },
    answer: () => client.readContract({ address, abi: ownAbi, functionName: 'answer' }),
  }
}
