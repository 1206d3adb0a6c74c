package io.inmesh.kubernetes.internal.api;

/** How the API server's audit log names us. */
final class UserAgent {
    static final String TEXT = "inmesh/" + version();

    private UserAgent() {}

    private static String version() {
        String version = UserAgent.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
