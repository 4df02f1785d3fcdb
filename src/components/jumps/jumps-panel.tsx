/** The ledger of teleportations. */
export function JumpsPanel() {
  return <p className="note">No flow of this run teleports.</p>;
}
