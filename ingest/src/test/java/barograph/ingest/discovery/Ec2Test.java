package barograph.ingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.storage.model.Labels;
import barograph.storage.outbound.AwsKeys;
import barograph.storage.outbound.ClientSettings;
import barograph.storage.outbound.Credentials;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Ec2Test {
  private static final String ASK = "http://ec2/?Action=DescribeInstances";
  private static final String FIRST =
      ASK
          + "&Filter.1.Name=instance-state-name&Filter.1.Value.1=running"
          + "&Filter.1.Value.2=pending&Filter.2.Name=tag%3Arole&Filter.2.Value.1=a%20%2A~b"
          + "&MaxResults=1000";
  private static final String ZONES =
      "http://ec2/?Action=DescribeAvailabilityZones&Version=2016-11-15";

  private final FakeDirectory web = new FakeDirectory();
  private final Found found = new Found();

  private Ec2Discoverer discoverer(Map<String, List<String>> filters) {
    return new Ec2Discoverer(
        new DiscoveryConfig.Ec2(
            URI.create("http://ec2/"),
            "eu-west-1",
            9100,
            filters,
            ClientSettings.PLAIN,
            Duration.ofMinutes(1)),
        web);
  }

  private void answer(String url, String body) {
    web.answer(url, 200, Map.of("content-type", "text/xml"), body);
  }

  @Test
  void aRegionThatNobodyNamesIsTheMachinesOwnAndAskedForOnce()
      throws IOException, InterruptedException {
    var config =
        new DiscoveryConfig.Ec2Here(
            URI.create("http://machine/"),
            null,
            new AwsKeys.Machine(URI.create("http://machine/")),
            80,
            Map.of(),
            ClientSettings.PLAIN,
            Duration.ofMinutes(1));
    var here = new Ec2HereDiscoverer(config, web);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> here.look(found));
    web.answer("http://machine/region", 200, Map.of(), "cn-north-1");
    answer(
        "https://ec2.cn-north-1.amazonaws.com.cn/?Action=DescribeInstances&MaxResults=1000"
            + "&Version=2016-11-15",
        """
        <DescribeInstancesResponse><reservationSet><item><instancesSet><item>
          <instanceId>i-2</instanceId><privateIpAddress>10.0.0.2</privateIpAddress>
        </item></instancesSet></item></reservationSet></DescribeInstancesResponse>
        """);
    here.look(found);
    assertThat(found.next().getFirst().get("__meta_ec2_region")).isEqualTo("cn-north-1");
    web.answer("http://machine/region", 500, Map.of(), "");
    here.look(found);
    assertThat(config.in("eu-west-1").client().credentials())
        .isEqualTo(new Credentials.SigV4("eu-west-1", "ec2", config.keys()));
  }

  @Test
  void everyInstanceWithAPrivateAddressIsATargetHoweverManyAnswersItTakes()
      throws IOException, InterruptedException {
    var filters =
        Map.of("tag:role", List.of("a *~b"), "instance-state-name", List.of("running", "pending"));
    answer(
        ZONES,
        """
        <DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
          <availabilityZoneInfo>
            <item><zoneName>eu-west-1a</zoneName><zoneId>euw1-az3</zoneId></item>
          </availabilityZoneInfo>
        </DescribeAvailabilityZonesResponse>
        """);
    answer(
        FIRST + "&Version=2016-11-15",
        """
        <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
          <reservationSet>
            <item>
              <ownerId>123</ownerId>
              <instancesSet>
                <item>
                  <instanceId>i-1</instanceId>
                  <imageId>ami-1</imageId>
                  <instanceState><code>16</code><name>running</name></instanceState>
                  <privateDnsName>ip-10-0-0-1.internal</privateDnsName>
                  <dnsName>one.example</dnsName>
                  <instanceType>t3.micro</instanceType>
                  <placement><availabilityZone>eu-west-1a</availabilityZone></placement>
                  <platform>windows</platform>
                  <subnetId>subnet-a</subnetId>
                  <vpcId>vpc-1</vpcId>
                  <privateIpAddress>10.0.0.1</privateIpAddress>
                  <ipAddress>1.2.3.4</ipAddress>
                  <architecture>x86_64</architecture>
                  <instanceLifecycle>spot</instanceLifecycle>
                  <tagSet>
                    <item><key>Name of it</key><value>one &amp; only</value></item>
                    <item><key>empty</key><value/></item>
                  </tagSet>
                  <networkInterfaceSet>
                    <item>
                      <subnetId>subnet-a</subnetId>
                      <attachment><deviceIndex>0</deviceIndex></attachment>
                      <ipv6AddressesSet>
                        <item><ipv6Address>fe80::1</ipv6Address></item>
                      </ipv6AddressesSet>
                    </item>
                    <item>
                      <subnetId>subnet-b</subnetId>
                      <attachment><deviceIndex>1</deviceIndex></attachment>
                      <ipv6AddressesSet>
                        <item>
                          <ipv6Address>fe80::2</ipv6Address><isPrimaryIpv6>true</isPrimaryIpv6>
                        </item>
                      </ipv6AddressesSet>
                    </item>
                    <item><subnetId>subnet-a</subnetId></item>
                  </networkInterfaceSet>
                </item>
                <item><instanceId>i-gone</instanceId></item>
              </instancesSet>
            </item>
          </reservationSet>
          <nextToken>more/+</nextToken>
        </DescribeInstancesResponse>
        """);
    answer(
        FIRST + "&NextToken=more%2F%2B&Version=2016-11-15",
        """
        <DescribeInstancesResponse><reservationSet><item><instancesSet><item>
          <instanceId>i-2</instanceId><privateIpAddress>10.0.0.2</privateIpAddress>
        </item></instancesSet></item></reservationSet><nextToken/></DescribeInstancesResponse>
        """);
    discoverer(filters).look(found);
    assertThat(found.next())
        .containsExactly(
            new Labels.Builder()
                .set("__address__", "10.0.0.1:9100")
                .set("__meta_ec2_ami", "ami-1")
                .set("__meta_ec2_architecture", "x86_64")
                .set("__meta_ec2_availability_zone", "eu-west-1a")
                .set("__meta_ec2_availability_zone_id", "euw1-az3")
                .set("__meta_ec2_instance_id", "i-1")
                .set("__meta_ec2_instance_lifecycle", "spot")
                .set("__meta_ec2_instance_state", "running")
                .set("__meta_ec2_instance_type", "t3.micro")
                .set("__meta_ec2_ipv6_addresses", ",fe80::1,fe80::2,")
                .set("__meta_ec2_owner_id", "123")
                .set("__meta_ec2_platform", "windows")
                .set("__meta_ec2_primary_ipv6_addresses", ",,fe80::2,")
                .set("__meta_ec2_primary_subnet_id", "subnet-a")
                .set("__meta_ec2_private_dns_name", "ip-10-0-0-1.internal")
                .set("__meta_ec2_private_ip", "10.0.0.1")
                .set("__meta_ec2_public_dns_name", "one.example")
                .set("__meta_ec2_public_ip", "1.2.3.4")
                .set("__meta_ec2_region", "eu-west-1")
                .set("__meta_ec2_subnet_id", ",subnet-a,subnet-b,")
                .set("__meta_ec2_tag_Name_of_it", "one & only")
                .set("__meta_ec2_vpc_id", "vpc-1")
                .build(),
            Labels.of(
                "__address__",
                "10.0.0.2:9100",
                "__meta_ec2_instance_id",
                "i-2",
                "__meta_ec2_private_ip",
                "10.0.0.2",
                "__meta_ec2_region",
                "eu-west-1"));
  }

  @Test
  void whoMayNotAskForZonesFindsTargetsWithoutThem() throws IOException, InterruptedException {
    web.answer(ZONES, 403, Map.of(), "<Response/>");
    String url = ASK + "&MaxResults=1000&Version=2016-11-15";
    answer(
        url,
        "<R><reservationSet><item><instancesSet><item><instanceId>i</instanceId><privateIpAddress>"
            + "10.0.0.9</privateIpAddress><placement><availabilityZone>z</availabilityZone>"
            + "</placement></item></instancesSet></item></reservationSet></R>");
    var discoverer = discoverer(Map.of());
    discoverer.look(found);
    assertThat(found.nextAddresses()).containsExactly("10.0.0.9:9100");
    web.answer(url, 401, Map.of(), "<Response><Errors/></Response>");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> discoverer.look(found))
        .withMessageContaining("server returned HTTP status 401");
    answer(url, "<!DOCTYPE R [<!ENTITY a \"b\">]><R>&a;</R>");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> discoverer.look(found))
        .withMessageContaining("no XML");
    assertThat(found.isEmpty()).isTrue();
  }
}
