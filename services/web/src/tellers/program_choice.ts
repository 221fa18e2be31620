/** Whether a teller works with the offline program: noted, so that a reload does not ask again. */
import { database, writeDurably } from '../device/database.ts';
import type { ShareOwner } from './share_lock.ts';

export async function isProgramNoted(owner: ShareOwner): Promise<boolean> {
  return (await (await database()).get('settings', keyOf(owner))) === true;
}

export async function noteProgram(owner: ShareOwner, isUsed: boolean): Promise<void> {
  const key = keyOf(owner);
  await writeDurably('settings', (access) => {
    if (isUsed) access.put(true, key);
    else access.delete(key);
  });
}

function keyOf({ uuid, member }: ShareOwner): string {
  return `tellers.program.${uuid}.${member}`;
}
