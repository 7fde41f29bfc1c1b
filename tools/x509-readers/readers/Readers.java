import java.io.ByteArrayInputStream;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.*;

/** Reads each case's files as Java's own providers do: `java Readers.java FOLDER` prints a JSON object of verdicts. */
public class Readers {
  interface Judge {
    void judge(Path folder) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, Judge> kinds =
        Map.of("chain", Readers::chain, "crl", Readers::list, "key", Readers::key, "pkcs12", Readers::keyStore);
    List<String> verdicts = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of(arguments[0]))) {
      for (Path folder : folders) {
        Judge judge = kinds.get(Files.readString(folder.resolve("kind")));
        boolean isSec1 = Files.exists(folder.resolve("key.pem"))
            && Files.readString(folder.resolve("key.pem")).contains("EC PRIVATE KEY");
        if (judge == null || isSec1) continue;
        String verdict = "taken";
        try {
          judge.judge(folder);
        } catch (Exception failure) {
          verdict = "refused";
          System.err.println(folder.getFileName() + " " + failure);
        }
        verdicts.add("\"" + folder.getFileName() + "\":\"" + verdict + "\"");
      }
    }
    System.out.println("{" + String.join(",", verdicts) + "}");
  }

  static X509Certificate certificate(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  static void chain(Path folder) throws Exception {
    X509Certificate root = certificate(folder.resolve("root.pem"));
    List<X509Certificate> path = new ArrayList<>();
    path.add(certificate(folder.resolve("leaf.pem")));
    if (Files.exists(folder.resolve("ca.pem"))) path.add(certificate(folder.resolve("ca.pem")));
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
    parameters.setRevocationEnabled(false);
    X509CertSelector selector = new X509CertSelector();
    selector.setExtendedKeyUsage(Set.of("1.3.6.1.5.5.7.3.1"));
    selector.setKeyUsage(new boolean[] {true});
    if (Files.exists(folder.resolve("named"))) {
      selector.setMatchAllSubjectAltNames(false);
      selector.addSubjectAlternativeName(2, "example.org");
    }
    parameters.setTargetCertConstraints(selector);
    var factory = CertificateFactory.getInstance("X.509");
    CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(path), parameters);
  }

  static void list(Path folder) throws Exception {
    try (var in = Files.newInputStream(folder.resolve("crl.pem"))) {
      X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
      crl.verify(certificate(folder.resolve("root.pem")).getPublicKey());
      X509Certificate leaf = certificate(folder.resolve("leaf.pem"));
      PKIXParameters parameters =
          new PKIXParameters(Set.of(new TrustAnchor(certificate(folder.resolve("root.pem")), null)));
      parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(crl))));
      var factory = CertificateFactory.getInstance("X.509");
      CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(List.of(leaf)), parameters);
    }
  }

  static void key(Path folder) throws Exception {
    byte[] bytes = Files.readAllBytes(folder.resolve("key.der"));
    Exception last = null;
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
        return;
      } catch (GeneralSecurityException failure) {
        last = failure;
      }
    }
    throw last;
  }

  static void keyStore(Path folder) throws Exception {
    byte[] bytes = Files.readAllBytes(folder.resolve("file.p12"));
    KeyStore.getInstance("PKCS12").load(new ByteArrayInputStream(bytes), new char[0]);
  }
}
