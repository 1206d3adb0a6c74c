package reach;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.ServerSocket;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** InMesh's own gateway on a servlet container, and then an application that a policy protects. */
@SpringBootApplication
public class Application {
    public static void main(String[] arguments) throws Exception {
        int further;
        try (ServerSocket free = new ServerSocket(0)) {
            further = free.getLocalPort();
        }
        ConfigurableApplicationContext gateway = SpringApplication.run(
                Application.class,
                "--mesh.gateway.enabled=true",
                "--mesh.gateway.ports.0=80",
                "--mesh.gateway.ports." + further + "=81",
                "--mesh.gateway.rate-limits[0].path=/limited",
                "--mesh.gateway.rate-limits[0].requests=1",
                "--mesh.gateway.rate-limits[0].per=1d");
        int own = port(gateway);
        Ways.mesh("front", "the container's port", path -> Ways.get(own, path));
        Ways.mesh("front", "a port beside it", path -> Ways.get(further, path));
        Ways.check("front", "a path with two readings", () -> Ways.starts("400", Ways.get(own, "/a%2fb")));
        Ways.check("front", "a limit", () -> {
            Ways.starts("404", Ways.get(own, "/limited"));
            return Ways.starts("429", Ways.get(own, "/limited"));
        });
        gateway.close();

        ConfigurableApplicationContext application = SpringApplication.run(Application.class);
        int port = port(application);
        Ways.check("front", "a policy of an application", () -> {
            Ways.starts("open", Ways.get(port, "/page/open"));
            return Ways.starts("403", Ways.get(port, "/page/denied"));
        });
        System.exit(SpringApplication.exit(application));
    }

    @Bean
    ServletRegistrationBean<HttpServlet> page() {
        return new ServletRegistrationBean<>(new Page(), "/page/*");
    }

    static final class Page extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print("open " + request.getRequestURI());
        }
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }
}
