package io.inmesh.servlet.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;

/** Certificates with URIs among their names, as SPIFFE has them, made by the JDK's keytool. */
public final class UriCertificates {
    private static final Map<List<String>, HeldCertificate> MADE = new HashMap<>();

    private UriCertificates() {}

    /** A certificate that is its own authority, for these URIs; the same each time. Takes about a second to make. */
    public static synchronized HeldCertificate of(String commonName, String... uris) throws Exception {
        List<String> names = new ArrayList<>(List.of(uris));
        names.add(commonName);
        HeldCertificate known = MADE.get(names);
        if (known == null) {
            known = make(commonName, uris);
            MADE.put(names, known);
        }
        return known;
    }

    private static HeldCertificate make(String commonName, String... uris) throws Exception {
        Path directory = Files.createTempDirectory("certificate");
        Path file = directory.resolve("store.p12");
        Path output = directory.resolve("output");
        String password = new String(ContainerSettings.PASSWORD);
        String names = Arrays.stream(uris).map(uri -> "uri:" + uri).collect(Collectors.joining(","));
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String options =
                "-J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -genkeypair -alias held -keyalg EC -storetype PKCS12 -storepass "
                        + password + " -dname CN=" + commonName + " -ext san=" + names + " -keystore " + file;
        Process process = new ProcessBuilder(Stream.concat(Stream.of(keytool), Arrays.stream(options.split(" ")))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool failed: " + Files.readString(output));
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, ContainerSettings.PASSWORD);
            }
            X509Certificate certificate = (X509Certificate) store.getCertificate("held");
            PrivateKey key = (PrivateKey) store.getKey("held", ContainerSettings.PASSWORD);
            return new HeldCertificate(new KeyPair(certificate.getPublicKey(), key), certificate);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(output);
            Files.delete(directory);
        }
    }
}
