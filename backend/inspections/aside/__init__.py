"""What phones sent that no record is made of: refused payloads, work of revoked phones, drafts on the move, device logs."""
