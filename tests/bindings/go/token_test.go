package tests

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"blindbook.example/blindbook"
)

// What tests need of config.json.
type config struct {
	RootPublicKey string `json:"root_public_key"`
	Certificate   string
	Issuers       []struct {
		Name      string
		KID       string
		PublicKey string `json:"public_key"`
	}
}

func configOf(t *testing.T, folder string) (found config) {
	t.Helper()
	must(t, json.Unmarshal(read(t, folder, "config.json"), &found))
	return found
}

// request is what the service's own issuer may say.
func request(t *testing.T, account string) blindbook.TokenRequest {
	t.Helper()
	of := configOf(t, os.Getenv("OPERATOR"))
	root, err := hex.DecodeString(of.RootPublicKey)
	must(t, err)
	id := sha256.Sum256(append([]byte("blindbook-v1 root\x00"), root...))
	return blindbook.TokenRequest{
		Issuer:   of.Issuers[0].Name,
		KeyID:    of.Issuers[0].KID,
		Audience: hex.EncodeToString(id[:16]),
		Account:  account,
		IssuedAt: time.Now(),
		Life:     10 * time.Minute,
	}
}

func issuersKey(t *testing.T) []byte {
	t.Helper()
	key, err := blindbook.OpenKeyFile(read(t, os.Getenv("OPERATOR"), "keys/token.key"), "token")
	must(t, err)
	return key
}

func mint(t *testing.T, account string) string {
	t.Helper()
	token, err := blindbook.MintToken(issuersKey(t), request(t, account))
	must(t, err)
	return token
}

func TestTheServiceAcceptsWhatItsIssuerMints(t *testing.T) {
	// What is no request is 400 for a token that is accepted, and 401 for another.
	if status, _ := exchange(t, "/v1/evaluate", mint(t, "alice"), []byte("x")); status != http.StatusBadRequest {
		t.Errorf("HTTP %d with its token", status)
	}
	strangers, err := blindbook.MintToken(make([]byte, blindbook.KeySize), request(t, "alice"))
	must(t, err)
	if status, _ := exchange(t, "/v1/evaluate", strangers, []byte("x")); status != http.StatusUnauthorized {
		t.Errorf("HTTP %d with a stranger's token", status)
	}
	public, err := blindbook.TokenPublicKey(issuersKey(t))
	must(t, err)
	if hex.EncodeToString(public) != configOf(t, os.Getenv("OPERATOR")).Issuers[0].PublicKey {
		t.Errorf("the public key is %x", public)
	}
}

func TestATokenSaysWhatItMay(t *testing.T) {
	asked := request(t, "")
	_, err := blindbook.MintToken(issuersKey(t), asked)
	refused(t, err, blindbook.BadInput, "token.account")
	asked.Account = "alice\x00"
	_, err = blindbook.MintToken(issuersKey(t), asked)
	refused(t, err, blindbook.BadInput, "go.text")
	asked.Account = "alice"
	for _, life := range []time.Duration{-time.Second, 0, 25 * time.Hour} {
		asked.Life = life
		_, err = blindbook.MintToken(issuersKey(t), asked)
		refused(t, err, blindbook.BadInput, "token.lifetime")
	}
	_, err = blindbook.MintToken([]byte("short"), asked)
	refused(t, err, blindbook.BadInput, "go.size")
}

func TestASealedKeyFileOpensWithItsPassphraseAndSlot(t *testing.T) {
	folder := os.Getenv("SEALED")
	file, slot := read(t, folder, "keys/announcement.key"), read(t, folder, "slot/announcement.slot")
	passphrase := strings.TrimSpace(string(read(t, os.Getenv("PASSPHRASE_FILE"))))
	key, err := blindbook.OpenSealedKeyFile(file, "announcement", passphrase, slot)
	must(t, err)
	public, err := blindbook.TokenPublicKey(key) // both are Ed25519
	must(t, err)
	certificate, err := base64.RawURLEncoding.DecodeString(configOf(t, folder).Certificate)
	must(t, err)
	if !bytes.Contains(certificate, public) {
		t.Error("it is not the key of the certificate")
	}

	_, err = blindbook.OpenSealedKeyFile(file, "announcement", "another", slot)
	refused(t, err, blindbook.BadInput, "key.passphrase")
	_, err = blindbook.OpenSealedKeyFile(file, "announcement", passphrase, slot[1:])
	refused(t, err, blindbook.BadInput, "go.size")
	_, err = blindbook.OpenKeyFile(file, "announcement")
	refused(t, err, blindbook.BadInput, "key.sealed")
	_, err = blindbook.OpenKeyFile([]byte("no key"), "announcement")
	refused(t, err, blindbook.BadInput, "key.format")
}
