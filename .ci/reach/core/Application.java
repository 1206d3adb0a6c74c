package reach;

import io.inmesh.Mesh;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An application with spring-boot-starter and nothing else: none of Spring's clients is on the class path. */
@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments);
        Ways.check("core", "starts, with the rules in force", () -> Ways.contains(
                "/old", context.getBean(Mesh.class).routes().toString()));
        System.exit(SpringApplication.exit(context));
    }
}
