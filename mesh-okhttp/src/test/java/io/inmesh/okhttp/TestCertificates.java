package io.inmesh.okhttp;

import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * A new certificate for {@code reviews.test}.
 *
 * @param serving for the server that has it
 * @param trusting for a client that trusts it alone
 */
record TestCertificates(HandshakeCertificates serving, HandshakeCertificates trusting) {
    static TestCertificates make() {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("reviews.test")
                .build();
        return new TestCertificates(
                new HandshakeCertificates.Builder().heldCertificate(certificate).build(),
                new HandshakeCertificates.Builder()
                        .addTrustedCertificate(certificate.certificate())
                        .build());
    }
}
