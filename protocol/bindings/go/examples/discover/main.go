// discover URL INVITATION TOKEN-FILE STATE-FOLDER NUMBER..: prints a line "NUMBER LABEL" for each match, then how many numbers
// were newly evaluated. Numbers are in E.164.
package main

import (
	"fmt"
	"os"
	"time"

	"blindbook.example/blindbook"
)

func main() {
	if len(os.Args) < 5 {
		must(fmt.Errorf("usage: discover URL INVITATION TOKEN-FILE STATE-FOLDER NUMBER.."))
	}
	token, err := readToken(os.Args[3])
	must(err)
	folder := folder(os.Args[4])
	key, state, err := folder.load()
	must(err)
	client, err := blindbook.NewClient(os.Args[2], key, state)
	must(err)
	defer client.Close()
	for _, number := range os.Args[5:] {
		must(client.Add(number))
	}
	must(run(client, service{os.Args[1], token}, folder))
	result, err := client.Result()
	must(err)
	for _, match := range result.Matches {
		fmt.Println(match.Number, match.Label)
	}
	fmt.Println(result.Evaluated)
}

// [snippet]

// run carries bytes between the client and the service until nothing more is needed.
func run(client *blindbook.Client, service service, folder folder) error {
	err := client.Begin(service.token, time.Now())
	for err == nil {
		switch client.Need() {
		case blindbook.NeedAnnouncement:
			err = service.fetchAnnouncement(client)
		case blindbook.NeedStep:
			_, _, err = client.Step(256)
		case blindbook.NeedAnswer:
			if err = folder.saveState(client); err == nil { // what is sent is charged, and must survive a crash
				err = service.evaluate(client)
			}
		case blindbook.NeedDirectory:
			err = service.fetchDirectory(client)
		case blindbook.NeedNothing:
			return folder.saveState(client)
		}
	}
	if client.StateChanged() {
		folder.saveState(client) // with what was charged before the error, which is told
	}
	return err
}
