package reach;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Spring Cloud Gateway, of either kind; its routes are in application.yaml. */
@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments);
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        Ways.mesh("gateway", "http://orders", path -> Ways.get(port, "/http" + path));
        Ways.mesh("gateway", "lb://orders", path -> Ways.get(port, "/lb" + path));
        Ways.own("unknown hosts", "http://", path -> Ways.get(port, "/own-http" + path));
        Ways.own("unknown hosts", "lb://", path -> Ways.get(port, "/own-lb" + path));
        System.exit(SpringApplication.exit(context));
    }
}
