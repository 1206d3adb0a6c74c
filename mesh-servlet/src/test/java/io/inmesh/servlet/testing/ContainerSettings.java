package io.inmesh.servlet.testing;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/** What a {@link ServletContainer} is to serve, and how. One application in the root context, on a port of 127.0.0.1. */
public final class ContainerSettings {
    /** Of the key store that {@link #keyStore} makes. */
    static final char[] PASSWORD = "password".toCharArray();

    private final ContainerKind kind;
    private final List<ServletContainerInitializer> registrations = new ArrayList<>();
    final Map<Integer, String> errorPages = new LinkedHashMap<>();
    int threads = 16;
    boolean virtualThreads;
    boolean http2;

    @Nullable
    Duration patience;

    @Nullable
    HeldCertificate server;

    List<X509Certificate> clientAuthorities = List.of();

    ContainerSettings(ContainerKind kind) {
        this.kind = kind;
    }

    /** With async support, for all kinds of dispatch, after those that are there. */
    public ContainerSettings filter(String urlPattern, Filter filter) {
        String name = "filter-" + registrations.size();
        return with((classes, context) -> {
            FilterRegistration.Dynamic registration = context.addFilter(name, filter);
            registration.setAsyncSupported(true);
            registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, urlPattern);
        });
    }

    /** With async support. */
    public ContainerSettings servlet(String urlPattern, Servlet servlet) {
        String name = "servlet-" + registrations.size();
        return with((classes, context) -> {
            ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
            registration.setAsyncSupported(true);
            registration.addMapping(urlPattern);
        });
    }

    /** A servlet for all methods, with async support. */
    public ContainerSettings handler(String urlPattern, Handler handler) {
        return servlet(urlPattern, new HttpServlet() {
            private static final long serialVersionUID = 1;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                handler.handle(request, response);
            }
        });
    }

    /** For everything else that a {@link ServletContext} can be told. */
    public ContainerSettings with(ServletContainerInitializer registration) {
        registrations.add(registration);
        return this;
    }

    /** Answers of this status are made by what is at {@code path}, by a dispatch of type ERROR. */
    public ContainerSettings errorPage(int status, String path) {
        errorPages.put(status, path);
        return this;
    }

    /** At most so many request threads. Jetty needs about four for itself. */
    public ContainerSettings threads(int threads) {
        this.threads = threads;
        return this;
    }

    /** A virtual thread for each request, on a JDK that has them. */
    public ContainerSettings virtualThreads(boolean virtualThreads) {
        this.virtualThreads = virtualThreads;
        return this;
    }

    /** How long a client may be silent within a request; as long as the container has it by itself unless told. */
    public ContainerSettings patience(Duration patience) {
        this.patience = patience;
        return this;
    }

    /** HTTP/2 beside HTTP/1.1, without TLS: to a client that begins with it. */
    public ContainerSettings http2() {
        http2 = true;
        return this;
    }

    /**
     * HTTPS in place of HTTP.
     *
     * @param clientAuthority whose client certificates are accepted; a client may leave its own out. Null asks for none
     */
    public ContainerSettings https(HeldCertificate server, @Nullable HeldCertificate clientAuthority) {
        return https(server, clientAuthority == null ? List.of() : List.of(clientAuthority.certificate()));
    }

    /**
     * HTTPS in place of HTTP.
     *
     * @param clientAuthorities of which a client's certificate has to be, or be signed by, one; empty asks for none
     */
    public ContainerSettings https(HeldCertificate server, List<X509Certificate> clientAuthorities) {
        this.server = server;
        this.clientAuthorities = List.copyOf(clientAuthorities);
        return this;
    }

    /** Returns once it accepts connections. */
    public ServletContainer start() throws Exception {
        return switch (kind) {
            case TOMCAT -> TomcatContainer.start(this);
            case JETTY -> JettyContainer.start(this);
        };
    }

    ServletContainerInitializer initializer() {
        return (Set<Class<?>> classes, ServletContext context) -> {
            for (ServletContainerInitializer registration : registrations) {
                registration.onStartup(classes, context);
            }
        };
    }

    static KeyStore keyStore(HeldCertificate held) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", held.keyPair().getPrivate(), PASSWORD, new java.security.cert.Certificate[] {
            held.certificate()
        });
        return store;
    }

    KeyStore trustStore() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate authority : clientAuthorities) {
            store.setCertificateEntry("authority-" + store.size(), authority);
        }
        return store;
    }
}
