package signer
