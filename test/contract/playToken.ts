// An ERC-20 for tests, with nothing unusual about it: anybody makes as much of it as he wants.
import type { Address } from '../../src/core/bytes.ts'
import type { ChainClient } from '../chain.ts'
import { compileProbe } from './compileProbe.ts'
import { deployContract, senderFor } from './deployed.ts'
import { lower } from './testDevice.ts'

const { abi, bytecode } = compileProbe(
  `import {Consent} from "./lib/Consent.sol";
  contract Probe {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    function mint(address to, uint256 amount) external { balanceOf[to] += amount; }
    function approve(address spender, uint256 amount) external returns (bool) {
      allowance[msg.sender][spender] = amount;
      return true;
    }
    function transfer(address to, uint256 amount) external returns (bool) { return move(msg.sender, to, amount); }
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
      allowance[from][msg.sender] -= amount;
      return move(from, to, amount);
    }
    function move(address from, address to, uint256 amount) private returns (bool) {
      balanceOf[from] -= amount;
      balanceOf[to] += amount;
      return true;
    }
  }`,
  'Consent.sol',
)

/** Each holder has `amount`, and `spender` may take all of it. */
export async function deployPlayToken(
  client: ChainClient,
  holders: readonly Address[],
  amount: bigint,
  spender: Address,
): Promise<Address> {
  const [first] = holders
  if (!first) throw new Error('a token needs a holder')
  const address = lower(await deployContract(client, first, { abi, bytecode }))
  const send = senderFor(client, abi, address)
  for (const holder of holders) {
    for (const outcome of [
      await send(first, 'mint', [holder, amount]),
      await send(holder, 'approve', [spender, 2n ** 256n - 1n]),
    ]) {
      if (!outcome.ok) throw new Error(outcome.error)
    }
  }
  return address
}
