package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"blindbook.example/blindbook"
)

// A service is where blindbook runs, without a slash at the end, and the access token for it.
type service struct{ url, token string }

// transport gives each exchange a connection of its own, so that nothing ties the directory to the token.
var transport = &http.Transport{
	Proxy:                 http.ProxyFromEnvironment,
	DisableKeepAlives:     true,
	ResponseHeaderTimeout: time.Minute,
}

// get asks without the token. The caller closes the body.
func (s service) get(path string) (*http.Response, error) {
	asked, err := http.NewRequest(http.MethodGet, s.url+path, nil)
	if err != nil {
		return nil, err
	}
	return transport.RoundTrip(asked) // follows no redirect
}

// whole reads a body. No announcement and no answer has more than a mebibyte.
func whole(body io.Reader) ([]byte, error) {
	const most = 1 << 20
	data, err := io.ReadAll(io.LimitReader(body, most+1))
	if err == nil && len(data) > most {
		err = errors.New("the answer is longer than any valid one")
	}
	return data, err
}

// fetchAnnouncement gives the client what the operator announces.
func (s service) fetchAnnouncement(client *blindbook.Client) error {
	answer, err := s.get("/v1/announcement")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("announcement: HTTP %s", answer.Status)
	}
	data, err := whole(answer.Body)
	if err != nil {
		return err
	}
	return client.TakeAnnouncement(data)
}

// evaluate sends the client's request and gives it the answer. A state that holds the request was saved before.
func (s service) evaluate(client *blindbook.Client) error {
	request, err := client.Request()
	if err != nil {
		return err
	}
	asked, err := http.NewRequest(http.MethodPost, s.url+"/v1/evaluate", bytes.NewReader(request))
	if err != nil {
		return err
	}
	asked.Header.Set("Authorization", "Bearer "+s.token)
	asked.Header.Set("Content-Type", "application/octet-stream")
	answer, err := transport.RoundTrip(asked)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	data, err := whole(answer.Body)
	if err != nil {
		return err
	}
	switch {
	case answer.StatusCode == http.StatusOK:
		return client.TakeAnswer(data)
	case answer.StatusCode == http.StatusGone:
		return client.TakeRefusal(blindbook.EpochGone)
	case answer.StatusCode == http.StatusTooManyRequests && bytes.Contains(data, []byte(`:allowance"`)):
		return client.TakeRefusal(blindbook.AllowanceSpent)
	case answer.StatusCode == http.StatusUnauthorized:
		return errors.New("evaluate: the token is not accepted")
	default:
		return fmt.Errorf("evaluate: HTTP %s", answer.Status)
	}
}

// fetchDirectory gives the client the directory, piece by piece as it comes.
func (s service) fetchDirectory(client *blindbook.Client) error {
	path, err := client.DirectoryPath()
	if err != nil {
		return err
	}
	answer, err := s.get(path)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		return client.ReadDirectory(answer.Body)
	case http.StatusNotFound, http.StatusGone:
		return client.DirectoryGone()
	default:
		return fmt.Errorf("directory: HTTP %s", answer.Status)
	}
}
