package io.inmesh.spring.boot.client;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.util.ClassUtils;

/** What {@link Fields} and {@link RestTemplateBuilders} read in a native image. */
final class ClientHints implements RuntimeHintsRegistrar {
    private static final List<String> READ = List.of(
            "org.springframework.http.client.support.HttpAccessor",
            "org.springframework.http.client.AbstractClientHttpRequestFactoryWrapper",
            "org.springframework.http.client.SimpleClientHttpRequestFactory",
            "org.springframework.http.client.JdkClientHttpRequestFactory",
            "org.springframework.http.client.HttpComponentsClientHttpRequestFactory",
            "org.springframework.http.client.JettyClientHttpRequestFactory",
            "org.springframework.http.client.ReactorClientHttpRequestFactory",
            "org.springframework.http.client.ReactorNettyClientRequestFactory",
            "org.springframework.http.client.reactive.ReactorClientHttpConnector",
            "org.springframework.http.client.reactive.JdkClientHttpConnector",
            "org.springframework.http.client.reactive.JettyClientHttpConnector",
            "org.springframework.http.client.reactive.HttpComponentsClientHttpConnector",
            "org.springframework.http.client.OkHttp3ClientHttpRequestFactory",
            "org.springframework.web.client.DefaultRestClient",
            "org.springframework.web.client.DefaultRestClientBuilder",
            "org.springframework.web.reactive.function.client.DefaultWebClientBuilder",
            "org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder$SimpleClientHttpsRequestFactory",
            "org.springframework.boot.http.client.ClientHttpRequestFactorySettings",
            "org.springframework.boot.http.client.HttpClientSettings",
            "org.springframework.boot.http.client.JettyHttpClientBuilder$HttpClientWithReadTimeout",
            "reactor.netty.http.client.HttpClient",
            "reactor.netty.http.client.HttpClientConnect",
            "reactor.netty.http.client.HttpClientConfig",
            "reactor.netty.transport.TransportConfig",
            "java.util.function.Function",
            "org.eclipse.jetty.client.HttpClient",
            "org.apache.hc.client5.http.impl.classic.InternalHttpClient",
            "org.apache.hc.client5.http.impl.classic.ExecChainElement",
            "org.apache.hc.client5.http.impl.classic.RedirectExec",
            "org.apache.hc.client5.http.impl.async.InternalHttpAsyncClient",
            "org.apache.hc.client5.http.impl.async.InternalAbstractHttpAsyncClient",
            "org.apache.hc.client5.http.impl.async.AsyncExecChainElement",
            "org.apache.hc.client5.http.impl.async.AsyncRedirectExec",
            "org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager",
            "org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager",
            "org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager",
            "org.apache.hc.client5.http.config.RequestConfig",
            "org.apache.hc.client5.http.config.ConnectionConfig",
            "org.apache.hc.client5.http.protocol.RedirectStrategy",
            "org.apache.hc.core5.function.Resolver",
            "org.apache.hc.core5.http.io.SocketConfig",
            "org.apache.hc.core5.util.TimeValue",
            // In two parts: as one, it would be the name of the copy inside the starter's jar there.
            "ok".concat("http3.OkHttpClient"));

    /** Which of Spring's names for it allow to read fields differs between its lines. */
    private static final MemberCategory[] READABLE = Arrays.stream(MemberCategory.values())
            .filter(category ->
                    category.name().endsWith("DECLARED_FIELDS") || category == MemberCategory.INVOKE_DECLARED_METHODS)
            .toArray(MemberCategory[]::new);

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        for (String name : READ) {
            hints.reflection().registerTypeIfPresent(loader, name, READABLE);
        }
        for (String home : RestTemplateBuilders.PACKAGES) {
            if (ClassUtils.isPresent(home + ".RestTemplateCustomizer", loader)) {
                hints.reflection()
                        .registerType(
                                TypeReference.of(home + ".RestTemplateBuilder"), MemberCategory.INVOKE_PUBLIC_METHODS);
                hints.proxies().registerJdkProxy(TypeReference.of(home + ".RestTemplateCustomizer"));
            }
        }
    }
}
