package dpop

// VerifySignature is the check of a signature alone, for vectors that are not
// proofs.
var VerifySignature = verifySignature
