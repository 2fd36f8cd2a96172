package blindbook

// #include <blindbook.h>
import "C"

// KeySize is what every key of this package has, and a slot, in bytes.
const KeySize = C.BB_KEY_BYTES

// NewKey makes a key for a client's state, or the seed of an issuer's.
func NewKey() ([]byte, error) {
	key := make([]byte, KeySize)
	err := call(func(failed *C.bb_error) C.bb_status {
		return C.bb_random((*C.uint8_t)(&key[0]), KeySize, failed)
	})
	return key, err
}

// OpenKeyFile gives the secret in a key file that `blindbook init --unsealed-key` made. `name` is the file's without ".key".
// BadInput "key.format", "key.sealed" (see [OpenSealedKeyFile]).
func OpenKeyFile(file []byte, name string) ([]byte, error) {
	return openKeyFile(file, name, nil, nil)
}

// OpenSealedKeyFile gives the secret in a key file that is sealed with a passphrase and a slot, the content of its .slot file.
// That takes 0.4 s and 128 MiB. BadInput "key.format", "key.passphrase".
func OpenSealedKeyFile(file []byte, name, passphrase string, slot []byte) ([]byte, error) {
	phrase, err := textIn(passphrase, "the passphrase")
	if err != nil {
		return nil, err
	}
	half, err := sizedIn(slot, KeySize, "the slot")
	if err != nil {
		return nil, err
	}
	return openKeyFile(file, name, phrase, half)
}

func openKeyFile(file []byte, name string, passphrase *C.char, slot *C.uint8_t) ([]byte, error) {
	named, err := textIn(name, "the name")
	if err != nil {
		return nil, err
	}
	sealed, sealedSize := in(file)
	secret := make([]byte, 128) // no key has more
	size := C.size_t(len(secret))
	err = call(func(failed *C.bb_error) C.bb_status {
		return C.bb_key_file_open(sealed, sealedSize, named, passphrase, slot, (*C.uint8_t)(&secret[0]), &size, failed)
	})
	if err != nil {
		return nil, err
	}
	return secret[:size], nil
}
