// Package tests holds the Go package blindbook against a service, from a module of its own: go.sh starts it.
package tests

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"blindbook.example/blindbook"
)

// The subscribers are those of scene.sh.
const subscriber, stranger = "+493023125001", "+493023125002"

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	must(t, err)
	return data
}

// invitation is that of the operator whose folder the variable `operator` names.
func invitation(t *testing.T, operator string) string {
	t.Helper()
	return "blindbook://city.example/#" + strings.TrimSpace(string(read(t, os.Getenv(operator), "public/operator.pub")))
}

func newClient(t *testing.T, numbers ...string) *blindbook.Client {
	t.Helper()
	key, err := blindbook.NewKey()
	must(t, err)
	client, err := blindbook.NewClient(invitation(t, "OPERATOR"), key, nil)
	must(t, err)
	t.Cleanup(client.Close)
	for _, number := range numbers {
		must(t, client.Add(number))
	}
	return client
}

// refused expects an error.
func refused(t *testing.T, err error, status blindbook.Status, rule string) {
	t.Helper()
	var failed *blindbook.Error
	if !errors.As(err, &failed) {
		t.Fatalf("%v is not an Error", err)
	}
	if failed.Status != status || failed.Rule != rule || failed.Message == "" {
		t.Fatalf("status %d, %v, in place of status %d, %s", failed.Status, failed, status, rule)
	}
}

func needs(t *testing.T, client *blindbook.Client, wanted blindbook.Need) {
	t.Helper()
	if need := client.Need(); need != wanted {
		t.Fatalf("it needs %d in place of %d", need, wanted)
	}
}

// exchange asks the service; a POST has the token of `bearer`.
func exchange(t *testing.T, path, bearer string, body []byte) (int, []byte) {
	t.Helper()
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	asked, err := http.NewRequest(method, os.Getenv("SERVICE")+path, bytes.NewReader(body))
	must(t, err)
	if body != nil {
		asked.Header.Set("Authorization", "Bearer "+bearer)
		asked.Header.Set("Content-Type", "application/octet-stream")
	}
	answer, err := http.DefaultClient.Do(asked)
	must(t, err)
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer.StatusCode, data
}

// prepare takes a run that has begun to its request.
func prepare(t *testing.T, client *blindbook.Client) {
	t.Helper()
	needs(t, client, blindbook.NeedAnnouncement)
	_, announcement := exchange(t, "/v1/announcement", "", nil)
	must(t, client.TakeAnnouncement(announcement))
	for client.Need() == blindbook.NeedStep {
		_, _, err := client.Step(-1) // one
		must(t, err)
	}
	needs(t, client, blindbook.NeedAnswer)
}

// evaluate takes a run from its request, which is in a state that was asked for, to the directory.
func evaluate(t *testing.T, client *blindbook.Client, bearer string) {
	t.Helper()
	request, err := client.Request()
	must(t, err)
	status, answer := exchange(t, "/v1/evaluate", bearer, request)
	if status != http.StatusOK {
		t.Fatalf("HTTP %d", status)
	}
	must(t, client.TakeAnswer(answer))
	needs(t, client, blindbook.NeedDirectory)
}

func TestARunOfATimerFindsWhoSubscribes(t *testing.T) {
	client := newClient(t, subscriber, stranger)
	bearer := mint(t, "a-timers")
	must(t, client.BeginScheduled(bearer, time.Now()))
	prepare(t, client)
	if !client.StateChanged() {
		t.Error("the request is not in the state")
	}
	_, err := client.Request()
	refused(t, err, blindbook.ApiMisuse, "capi.unsaved")
	_, err = client.State()
	must(t, err)
	evaluate(t, client, bearer)
	path, err := client.DirectoryPath()
	must(t, err)
	_, directory := exchange(t, path, "", nil)
	must(t, client.FeedDirectory(directory[:30]))
	must(t, client.RestartDirectory())
	must(t, client.ReadDirectory(bytes.NewReader(directory)))

	needs(t, client, blindbook.NeedNothing)
	result, err := client.Result()
	must(t, err)
	if len(result.Matches) != 1 || result.Matches[0] != (blindbook.Match{Number: subscriber, Label: "@anna:city.example"}) {
		t.Errorf("the matches are %v", result.Matches)
	}
	// A new account has 8192 evaluations, of which the first request in an epoch takes 64.
	if result.Evaluated != 2 || result.NotLookedUp != 0 || result.Partial || result.AllowanceLeft != 8192-64 || result.Edition != 1 ||
		result.Epoch == [16]byte{} || result.Head == [32]byte{} {
		t.Errorf("the result is %+v", result)
	}
	evidence, err := client.Evidence()
	must(t, err)
	if len(evidence) != 0 {
		t.Errorf("there are %d bytes of evidence", len(evidence))
	}
}

func TestARefusalCanBeLivedWith(t *testing.T) {
	client := newClient(t, stranger)
	must(t, client.Begin(mint(t, "refused"), time.Now()))
	prepare(t, client)
	must(t, client.TakeRefusal(blindbook.EpochGone))
	prepare(t, client)
	refused(t, client.TakeRefusal(blindbook.AllowanceSpent), blindbook.Spent, "service.allowance")
	needs(t, client, blindbook.NeedNothing)
}

func TestADirectoryThatHasGoneMakesItAskForTheAnnouncement(t *testing.T) {
	client := newClient(t, stranger)
	bearer := mint(t, "late")
	must(t, client.Begin(bearer, time.Now()))
	prepare(t, client)
	_, err := client.State()
	must(t, err)
	evaluate(t, client, bearer)
	must(t, client.DirectoryGone())
	needs(t, client, blindbook.NeedAnnouncement)
}

func TestErrorsSayByWhoseFault(t *testing.T) {
	key := make([]byte, blindbook.KeySize)
	_, err := blindbook.NewClient("https://city.example", key, nil)
	refused(t, err, blindbook.BadInput, "invitation.syntax")
	_, err = blindbook.NewClient(invitation(t, "OPERATOR"), key[1:], nil)
	refused(t, err, blindbook.BadInput, "go.size")
	_, err = blindbook.NewClient(invitation(t, "OPERATOR"), key, []byte("no state"))
	refused(t, err, blindbook.BadInput, "state.format")

	client := newClient(t)
	if url, err := client.ServiceURL(); err != nil || url != "https://city.example" {
		t.Errorf("the service is at %s, %v", url, err)
	}
	refused(t, client.Add("030 23125001"), blindbook.BadInput, "identifier.syntax")
	refused(t, client.Add(subscriber+"\x00"), blindbook.BadInput, "go.text")
	_, err = client.AddNumber("030 23125001", "DE")
	refused(t, err, blindbook.ApiMisuse, "capi.unsupported")
	_, _, err = client.Step(256)
	refused(t, err, blindbook.ApiMisuse, "run.order")
	_, err = client.Result()
	refused(t, err, blindbook.ApiMisuse, "run.order")

	must(t, client.Begin(mint(t, "captive"), time.Now()))
	refused(t, client.TakeAnnouncement([]byte("<html>")), blindbook.Unavailable, "announcement.not-an-envelope")
	foreign, err := blindbook.NewClient(invitation(t, "SEALED"), key, nil)
	must(t, err)
	defer foreign.Close()
	must(t, foreign.Begin(mint(t, "misled"), time.Now()))
	_, announcement := exchange(t, "/v1/announcement", "", nil)
	refused(t, foreign.TakeAnnouncement(announcement), blindbook.PeerMisbehaved, "certificate.signature")

	client.Close()
	client.Close()
	needs(t, client, blindbook.NeedNothing)
	refused(t, client.Add(subscriber), blindbook.ApiMisuse, "capi.null")
	_, err = client.State()
	refused(t, err, blindbook.ApiMisuse, "capi.null")
}
