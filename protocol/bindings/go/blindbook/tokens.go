package blindbook

/*
#include <blindbook.h>
#include <stdlib.h>
*/
import "C"

import (
	"time"
	"unsafe"
)

// A TokenRequest is what an access token shall say: docs/spec/token.md.
type TokenRequest struct {
	Issuer   string
	KeyID    string // "kid": names the issuer's key
	Audience string // the operator's id, in hex
	Account  string // 1 to 255 bytes
	IssuedAt time.Time
	Life     time.Duration // at most 24 hours, in whole seconds
}

// MintToken makes an access token for a user whom the messenger has authenticated, signed with the Ed25519 seed `key` (KeySize
// bytes). BadInput "token.account", "token.lifetime", "token.size".
func MintToken(key []byte, request TokenRequest) (string, error) {
	seed, err := sizedIn(key, KeySize, "the key")
	if err != nil {
		return "", err
	}
	said := C.bb_token_request{
		issued_at: C.uint64_t(request.IssuedAt.Unix()),
		life:      C.uint64_t(request.Life / time.Second),
	}
	for _, text := range []struct {
		to         **C.char
		from, what string
	}{
		{&said.issuer, request.Issuer, "the issuer"},
		{&said.kid, request.KeyID, "the key's id"},
		{&said.audience, request.Audience, "the audience"},
		{&said.account, request.Account, "the account"},
	} {
		if _, err := textIn(text.from, text.what); err != nil {
			return "", err
		}
		*text.to = C.CString(text.from) // what a struct points to may not be Go's
		defer C.free(unsafe.Pointer(*text.to))
	}
	token := make([]byte, 4096) // no token has more than 2048
	size := C.size_t(len(token))
	err = call(func(failed *C.bb_error) C.bb_status {
		return C.bb_token_mint(seed, &said, (*C.char)(unsafe.Pointer(&token[0])), &size, failed)
	})
	if err != nil {
		return "", err
	}
	return string(token[:size-1]), nil
}

// TokenPublicKey is the Ed25519 public key of the seed `key`: what an operator puts into config.json.
func TokenPublicKey(key []byte) ([]byte, error) {
	seed, err := sizedIn(key, KeySize, "the key")
	if err != nil {
		return nil, err
	}
	public := make([]byte, 32)
	err = call(func(failed *C.bb_error) C.bb_status {
		return C.bb_token_public_key(seed, (*C.uint8_t)(&public[0]), failed)
	})
	return public, err
}
