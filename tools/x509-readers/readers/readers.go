// Reads each case's files as Go's standard library does: `go run readers.go FOLDER` prints a JSON object of verdicts.
package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
)

func read(folder, name string) []byte {
	bytes, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return nil
	}
	return bytes
}

func block(folder, name string) []byte {
	found, _ := pem.Decode(read(folder, name))
	if found == nil {
		return nil
	}
	return found.Bytes
}

func chain(folder string) error {
	roots, others := x509.NewCertPool(), x509.NewCertPool()
	root, err := x509.ParseCertificate(block(folder, "root.pem"))
	if err != nil {
		return err
	}
	roots.AddCert(root)
	if bytes := block(folder, "ca.pem"); bytes != nil {
		ca, err := x509.ParseCertificate(bytes)
		if err != nil {
			return err
		}
		others.AddCert(ca)
	}
	leaf, err := x509.ParseCertificate(block(folder, "leaf.pem"))
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: others}
	if read(folder, "named") != nil {
		options.DNSName = "example.org"
	}
	_, err = leaf.Verify(options)
	return err
}

func list(folder string) error {
	root, err := x509.ParseCertificate(block(folder, "root.pem"))
	if err != nil {
		return err
	}
	found, err := x509.ParseRevocationList(block(folder, "crl.pem"))
	if err != nil {
		return err
	}
	return found.CheckSignatureFrom(root)
}

func key(folder string) error {
	found, _ := pem.Decode(read(folder, "key.pem"))
	var err error
	if found.Type == "EC PRIVATE KEY" {
		_, err = x509.ParseECPrivateKey(found.Bytes)
	} else {
		_, err = x509.ParsePKCS8PrivateKey(found.Bytes)
	}
	return err
}

func request(folder string) error {
	found, err := x509.ParseCertificateRequest(block(folder, "request.pem"))
	if err != nil {
		return err
	}
	return found.CheckSignature()
}

func main() {
	kinds := map[string]func(string) error{"chain": chain, "crl": list, "key": key, "request": request}
	verdicts := map[string]string{}
	folders, _ := os.ReadDir(os.Args[1])
	for _, one := range folders {
		folder := filepath.Join(os.Args[1], one.Name())
		judge := kinds[string(read(folder, "kind"))]
		if judge == nil {
			continue
		}
		if err := judge(folder); err != nil {
			verdicts[one.Name()] = "refused"
			fmt.Fprintln(os.Stderr, one.Name(), err)
		} else {
			verdicts[one.Name()] = "taken"
		}
	}
	json.NewEncoder(os.Stdout).Encode(verdicts)
}
