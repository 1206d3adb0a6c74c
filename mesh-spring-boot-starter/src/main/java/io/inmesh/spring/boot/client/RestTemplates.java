package io.inmesh.spring.boot.client;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.support.HttpAccessor;
import org.springframework.web.client.RestTemplate;

/** RestTemplate and its subclasses, in place. */
final class RestTemplates implements ClientKind {
    private final RequestFactories factories;
    private final BalancerPasses passes;

    RestTemplates(RequestFactories factories, BalancerPasses passes) {
        this.factories = factories;
        this.passes = passes;
    }

    @Override
    public boolean is(Object client) {
        return client instanceof RestTemplate;
    }

    @Override
    public Meshed mesh(Object client) {
        RestTemplate template = (RestTemplate) client;
        // Without the interceptors, which its getter puts in front of it.
        if (!(Fields.read(HttpAccessor.class, template, "requestFactory")
                instanceof ClientHttpRequestFactory factory)) {
            return Meshed.not(client, "its request factory cannot be read");
        }
        Meshed meshed = factories.around(template, factory, wanted -> {
            if (wanted != factory) {
                template.setRequestFactory(wanted);
            }
            passes.around(template);
            return template;
        });
        return meshed.leftAlone() == null && !isMeshed(template)
                ? Meshed.not(client, template.getClass().getName() + " does not take another request factory")
                : meshed;
    }

    private static boolean isMeshed(RestTemplate template) {
        return Fields.read(HttpAccessor.class, template, "requestFactory") instanceof ClientHttpRequestFactory factory
                && RequestFactories.isMeshed(factory);
    }
}
