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
            "org.springframework.web.client.DefaultRestClient",
            "org.springframework.web.client.DefaultRestClientBuilder",
            "org.springframework.web.reactive.function.client.DefaultWebClientBuilder");

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
