package envelope

// SealWith is Seal with another random source than crypto/rand.
var SealWith = seal

// Derive gives the tests that build forgeries what only Seal and Open use.
var Derive = derive

// HeaderSize is where the ciphertext begins.
const HeaderSize = headerSize
