package reach;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;
import org.eclipse.jetty.client.HttpClient;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.@REST_TEMPLATE@.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.InterceptingClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.HttpComponentsClientHttpConnector;
import org.springframework.http.client.reactive.JettyClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/** Read timeouts and redirects that clients bring along, of every library that Spring has a factory or a connector for. */
@SpringBootApplication
public class Application {
    private static final Duration SHORT = Duration.ofMillis(300);

    private interface Status {
        int of(String path);
    }

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(Application.class);
        application.addInitializers(context -> clients((GenericApplicationContext) context));
        ConfigurableApplicationContext context = application.run(arguments);
        for (String name : context.getBeanNamesForType(RestTemplate.class)) {
            ways(name, path -> status(context.getBean(name, RestTemplate.class), path));
        }
        for (String name : context.getBeanNamesForType(WebClient.class)) {
            ways(name, path -> status(context.getBean(name, WebClient.class), path));
        }
        Ways.check("settings", "the native hints name the libraries' classes", Application::hints);
        System.exit(SpringApplication.exit(context));
    }

    /** The starter keeps the names to itself. */
    private static Object hints() throws ReflectiveOperationException {
        Field names = Class.forName("io.inmesh.spring.boot.client.ClientHints").getDeclaredField("READ");
        names.setAccessible(true);
        List<?> all = (List<?>) names.get(null);
        Ways.holds(all.contains(okhttp3.OkHttpClient.class.getName()), "OkHttp", all.toString());
        for (Object name : all) {
            Ways.holds(name.toString().startsWith("org.springframework.") || ClassUtils.isPresent(name.toString(), null),
                    "classes that there are", name.toString());
        }
        return "";
    }

    private static void ways(String name, Status status) {
        Ways.check("settings", name + ": read timeout", () -> {
            try {
                return Ways.holds(false, "a timeout", "status " + status.of("/slow"));
            } catch (ResourceAccessException | WebClientRequestException expected) {
                return "";
            }
        });
        if (!name.startsWith("Spring Boot") && !name.startsWith("HttpURLConnection")) {
            Ways.check("settings", name + ": no redirects",
                    () -> Ways.holds(status.of("/moved") == 302, "302", "status " + status.of("/moved")));
        }
    }

    private static int status(RestTemplate client, String path) {
        return client.getForEntity(URI.create("http://orders" + path), String.class).getStatusCode().value();
    }

    private static int status(WebClient client, String path) {
        return client.get().uri("http://orders" + path).retrieve().toBodilessEntity().block(Duration.ofSeconds(25))
                .getStatusCode().value();
    }

    private static void clients(GenericApplicationContext context) {
        template(context, "HttpURLConnection", () -> {
            SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
            factory.setReadTimeout((int) SHORT.toMillis());
            return factory;
        });
        template(context, "JDK", () -> {
            JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory();
            factory.setReadTimeout(SHORT);
            return factory;
        });
        template(context, "Apache", Application::apache);
        template(context, "Apache in two wrappers", () -> new InterceptingClientHttpRequestFactory(
                new BufferingClientHttpRequestFactory(apache()), List.of()));
        template(context, "Jetty", () -> new JettyClientHttpRequestFactory(jetty()));
        template(context, "Reactor Netty", () -> reactorNetty());
        built(context, "Spring Boot with Apache", HttpComponentsClientHttpRequestFactory.class);
        built(context, "Spring Boot with Jetty", JettyClientHttpRequestFactory.class);
        okHttp(context);
        web(context, "Apache connector", () -> new HttpComponentsClientHttpConnector(HttpAsyncClients.custom()
                .disableRedirectHandling()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setDefaultConnectionConfig(apacheTimeout())
                        .build())
                .build()));
        web(context, "Jetty connector", () -> new JettyClientHttpConnector(jetty()));
        web(context, "Reactor Netty connector", () -> new ReactorClientHttpConnector(netty()));
        web(context, "Reactor Netty connector, not started", () -> new ReactorClientHttpConnector(
                new ReactorResourceFactory(), client -> client.responseTimeout(SHORT)));
    }

    private static void template(GenericApplicationContext context, String name, Supplier<ClientHttpRequestFactory> factory) {
        context.registerBean(name, RestTemplate.class, () -> new RestTemplate(factory.get()));
    }

    private static void web(GenericApplicationContext context, String name, Supplier<ClientHttpConnector> connector) {
        context.registerBean(name, WebClient.class, () -> WebClient.builder().clientConnector(connector.get()).build());
    }

    private static ClientHttpRequestFactory apache() {
        return new HttpComponentsClientHttpRequestFactory(HttpClients.custom()
                .disableRedirectHandling()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDefaultConnectionConfig(apacheTimeout())
                        .build())
                .build());
    }

    private static ConnectionConfig apacheTimeout() {
        return ConnectionConfig.custom().setSocketTimeout(Timeout.of(SHORT)).build();
    }

    private static HttpClient jetty() {
        HttpClient client = new HttpClient();
        client.setIdleTimeout(SHORT.toMillis());
        client.setFollowRedirects(false);
        return client;
    }

    private static reactor.netty.http.client.HttpClient netty() {
        return reactor.netty.http.client.HttpClient.create().responseTimeout(SHORT);
    }

    /** Its name differs between the lines. */
    private static ClientHttpRequestFactory reactorNetty() {
        String spring = "org.springframework.http.client.";
        return made(spring + (ClassUtils.isPresent(spring + "ReactorClientHttpRequestFactory", null)
                ? "ReactorClientHttpRequestFactory"
                : "ReactorNettyClientRequestFactory"), reactor.netty.http.client.HttpClient.class, netty());
    }

    /** The lines before Spring Boot 4 have a factory for OkHttp. */
    private static void okHttp(GenericApplicationContext context) {
        String factory = "org.springframework.http.client.OkHttp3ClientHttpRequestFactory";
        if (ClassUtils.isPresent(factory, null)) {
            okhttp3.OkHttpClient client = new okhttp3.OkHttpClient.Builder().readTimeout(SHORT).followRedirects(false).build();
            template(context, "OkHttp", () -> made(factory, okhttp3.OkHttpClient.class, client));
            template(context, "OkHttp by its call timeout", () -> made(factory, okhttp3.OkHttpClient.class,
                    client.newBuilder().readTimeout(Duration.ZERO).callTimeout(SHORT).build()));
            built(context, "Spring Boot with OkHttp", ClassUtils.resolveClassName(factory, null));
        }
    }

    private static ClientHttpRequestFactory made(String factory, Class<?> type, Object client) {
        try {
            return (ClientHttpRequestFactory) ClassUtils.resolveClassName(factory, null).getConstructor(type).newInstance(client);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What takes the timeout is called readTimeout in newer lines, setReadTimeout in older ones. */
    private static void built(GenericApplicationContext context, String name, Class<?> factory) {
        context.registerBean(name, RestTemplate.class, () -> {
            RestTemplateBuilder builder =
                    new RestTemplateBuilder().requestFactory(factory.asSubclass(ClientHttpRequestFactory.class));
            Method newer = ReflectionUtils.findMethod(RestTemplateBuilder.class, "readTimeout", Duration.class);
            Method method = newer != null
                    ? newer
                    : ReflectionUtils.findMethod(RestTemplateBuilder.class, "setReadTimeout", Duration.class);
            return ((RestTemplateBuilder) ReflectionUtils.invokeMethod(method, builder, SHORT)).build();
        });
    }
}
