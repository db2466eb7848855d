/// Given names that are common in English texts and are hardly ever another word: the census's usual ones, without
/// those that are also months, virtues, flowers, places or verbs (April, Grace, Rose, Virginia, Mark).
enum GivenNames {
  static let english = NameTable(
    """
    james robert john michael david william richard joseph thomas christopher charles daniel matthew anthony \
    donald steven andrew paul joshua kenneth kevin brian george timothy ronald jason edward jeffrey ryan jacob \
    gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank \
    raymond dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter \
    christian keith roger terry sean gerald carl harold dylan arthur lawrence jesse bryan billy bruce gabriel joe \
    alan juan albert willie elijah wayne vincent roy ralph bobby russell bradley philip eugene craig derek shawn \
    travis leonard nathaniel allen curtis theodore clarence glenn jim tom mike steve dave bob jeff greg tim dan \
    matt chris nick tony sam ben alex andy ken ron fred ted phil doug harry martin louis leon maurice ernest edwin \
    howard clifford duane derrick jared cody colin brett brent darren dustin micheal marcus tyrone alejandro \
    antonio carlos luis miguel jorge pedro francisco ricardo manuel javier fernando roberto eduardo sergio mario \
    alfredo hector ramon raul oscar alberto andre julian adrian simon hugh oliver liam connor ian graham nigel \
    trevor malcolm neil mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty \
    sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon \
    laura cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine \
    debra rachel carolyn janet maria olivia heather helen catherine diane julie joyce lauren kelly christina ruth \
    joan evelyn judith andrea hannah megan cheryl jacqueline martha teresa gloria sara janice ann kathryn abigail \
    sophia frances jean alice judy isabella julia denise theresa beverly danielle marilyn natalie diana brittany \
    doris kayla alexis lori marie jane tiffany kathy tammy tracy erin jill monica valerie leslie lindsay erica \
    katie jenna jenny molly wendy peggy bonnie lucy ellen rita connie sheila sherry tina tara stacy dana gina \
    vanessa veronica natasha anita claire kristen kristin kristina kelsey courtney chelsea allison alyssa jasmine \
    cassandra caitlin gabriela gabrielle mariah miranda yolanda yvonne yvette sonya tonya tanya tamara latoya \
    regina renee roberta rhonda robin sabrina selena susana terri traci vicki vivian wanda jodi jody joann joanna \
    joanne johnny jon josephine juanita angelica audrey bethany bridget candace carla carmen carrie casey cathy \
    cindy claudia colleen cristina darlene deanna debbie desiree ebony elaine eileen felicia gail gwendolyn jaime \
    jeanette jeanne katrina kristy krystal laurie loretta lorraine lynn mallory marcia marissa maureen meghan \
    melanie melinda mercedes meredith morgan nina norma paige paula phyllis priscilla rosemary sally shannon \
    sheryl suzanne toni trisha whitney ariel bailey becky belinda bernard bernice bertha beth calvin cameron cecil \
    clayton clyde corey cory damon darrell darryl devin dwayne edgar edith elmer esther ethel evan francis \
    franklin frederick garrett geoffrey gilbert gordon harvey herbert herman ivan jamie jimmy joel karl kurt lee \
    leroy lester lewis lloyd lonnie marvin max melvin milton mitchell neal nelson norman randall reginald rodney \
    roland ross salvador seth shane sidney stuart todd tommy troy vernon victor virgil warren wendell xavier
    """)
}
